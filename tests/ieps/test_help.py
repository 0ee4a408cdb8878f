"""Help with writing: what is told, what could be filled in, and the environment while services are typed."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ieps import actions
from ieps.models import Iep, IepStatus
from ieps.outline import chapters
from ieps.suggested import suggestions
from ieps.told import told, told_in
from ieps.written import chapters_of, written_of
from security import scope
from security.refusals import NotAllowed
from security.rules.roles import Role
from tests.factories import (
    EnrollmentFactory,
    EvaluationFactory,
    ExceptionalityFactory,
    IepFactory,
    UserFactory,
)

pytestmark = pytest.mark.usefixtures("as_system")


@pytest.fixture
def evaluation(child, parish, dana):
    row = EvaluationFactory(
        student=child, district=parish, determination_date=date(2026, 9, 10), outcome="ELIG",
        summary="Needs specially designed instruction in reading.",
    )  # fmt: skip
    ExceptionalityFactory(evaluation=row, code="SLD")
    ExceptionalityFactory(evaluation=row, code="SLI", rank=2)
    row.components.create(
        area="ACADEMIC", evaluator=dana, assigned_on=date(2026, 9, 1), findings="Reads 62 words a minute."
    )
    row.texts.create(section="needs", text="Explicit phonics.", saved_by=dana)
    return row


@pytest.fixture
def prepared(draft, evaluation):
    Iep.objects.filter(pk=draft.pk).update(evaluation=evaluation, grade="06")
    return Iep.objects.select_related("student__state", "district", "evaluation").get(pk=draft.pk)


def write(by, iep, section, **texts):
    for key, text in texts.items():
        actions.save_text(by=by, iep=iep, section=section, field=key, text=text, version=0)


def services(by, iep, *rows):
    for row in rows:
        line = actions.add_line(by=by, iep=iep, section="PRG", table="services")
        write(by, iep, "PRG", **{f"{line.pk}.{column}": text for column, text in row.items()})
        yield line


def served(minutes, sessions, location="SPE"):
    return {
        "service": "SEI", "recipient": "S", "minutes": minutes, "sessions": sessions, "per": "W",
        "location": location,
    }  # fmt: skip


def suggested(iep, section) -> dict[str, str]:
    written = written_of(iep)
    chapter = next(each for each in chapters(written) if each.section == section)
    return {key: each.text for key, each in suggestions(iep, chapter, written).items()}


def test_the_record_tells_what_nobody_types(prepared, child, parish):
    IepFactory(
        student=child, district=parish, status=IepStatus.OFFICIAL, meeting_date=date(2025, 9, 22), kind="REV"
    )
    facts = told(prepared)
    assert facts["GSI", "grade"] == "6"
    assert facts["GSI", "prev_meeting"] == date(2025, 9, 22)
    assert facts["GSI", "eval_date"] == date(2026, 9, 10)
    assert facts["GSI", "reeval_due"] == date(2029, 9, 10)
    assert facts["PRG", "special_minutes"] is None


def test_an_iep_without_an_evaluation_tells_no_dates_of_one(draft):
    labels = [label for label, _ in told_in(draft, "GSI", written_of(draft))]
    assert "Reevaluation due" not in labels


def test_services_tell_the_minutes_and_the_share_of_the_day(prepared, dana):
    list(services(dana, prepared, served("45", "5"), served("30", "2", "REG")))
    write(dana, prepared, "PRG", total_minutes="1800")
    facts = told(prepared)
    assert (facts["PRG", "special_minutes"], str(facts["PLC", "lre_pct"])) == (225, "87.5")
    assert suggested(prepared, "PLC") == {"lre": "RC80", "every_weeks": "9"}


def test_another_setting_than_the_computed_one_asks_for_reasons(prepared, dana):
    list(services(dana, prepared, served("60", "10")))
    write(dana, prepared, "PRG", total_minutes="1800")
    write(dana, prepared, "PLC", lre="RC80")
    placement = next(each for each in chapters_of(prepared) if each.section == "PLC")
    assert "justification" in {item.key for item in placement.missing}


def test_empty_fields_are_suggested_from_the_enrollment_the_evaluation_and_the_meeting(
    prepared, child, parish, dana
):
    school = EnrollmentFactory(student=child, district=parish).site
    write(dana, prepared, "GSI", meeting_date="Sep 22, 2026", academic_needs="Written by hand")
    assert suggested(prepared, "GSI") == {
        "home_school": str(school.pk),
        "iep_end": "Sep 21, 2027",
        "exceptionality_primary": "SLD",
        "eval_results": "Summary: Needs specially designed instruction in reading.\n\n"
        "Academic performance: Reads 62 words a minute.",
    }


def test_an_enrollment_elsewhere_suggests_no_school(prepared, child):
    EnrollmentFactory(student=child)
    assert "home_school" not in suggested(prepared, "GSI")


def test_each_plan_is_suggested_to_end_with_the_iep(prepared, dana):
    line = actions.add_line(by=dana, iep=prepared, section="INS")
    write(dana, prepared, "GSI", iep_end="Sep 21, 2027")
    assert suggested(prepared, "INS") == {f"{line.pk}.target_date": "Sep 21, 2027"}


def test_filling_in_leaves_what_is_written(prepared, dana):
    write(dana, prepared, "GSI", eval_results="My own words")
    filled = actions.fill_in(by=dana, iep=prepared, section="GSI", keys={"eval_results", "academic_needs"})
    assert {each.field: each.text for each in filled} == {"academic_needs": "Explicit phonics."}
    assert prepared.texts.get(field="eval_results").text == "My own words"


def test_a_field_that_was_emptied_is_filled_in_again(prepared, dana):
    write(dana, prepared, "GSI", academic_needs="Something")
    actions.save_text(by=dana, iep=prepared, section="GSI", field="academic_needs", text="", version=1)
    (text,) = actions.fill_in(by=dana, iep=prepared, section="GSI", keys={"academic_needs"})
    assert (text.text, text.version) == ("Explicit phonics.", 3)


def test_a_reader_fills_nothing_in(prepared, parish):
    reader = UserFactory(role=Role.READER, role__district=parish)
    with pytest.raises(NotAllowed):
        actions.fill_in(by=reader, iep=prepared, section="GSI")


def test_a_new_draft_begins_with_what_the_record_knows(child, parish, dana, evaluation):
    EnrollmentFactory(student=child, district=parish)
    type(evaluation).objects.filter(pk=evaluation.pk).update(locked=True)
    iep = actions.start_draft(by=dana, student=child, kind="INI")
    texts = dict(iep.texts.values_list("field", "text"))
    line = iep.lines.get()
    assert texts["exceptionality_primary"] == "SLD"
    assert texts[f"{line.pk}.exceptionality"] == "SLI"
    assert texts["home_school"].isdecimal()


def test_the_page_computes_the_environment_of_what_is_typed(draft, dana, browse):
    line = actions.add_line(by=dana, iep=draft, section="PRG", table="services")
    typed = {f"{line.pk}.{column}": text for column, text in served("45", "10").items()}
    client = browse(dana)
    answer = client.post(reverse("ieps:environment", args=[draft.pk]), {**typed, "total_minutes": "1,950"})
    text = answer.content.decode()
    assert "RC79TO40" in text
    assert "60 minutes a week less outside the regular class would make it RC80." in text
    with scope.system():
        assert not draft.texts.exists()


def test_one_press_fills_in_and_keeps_what_was_typed(prepared, dana, browse):
    client, page = browse(dana), reverse("ieps:section", args=[prepared.pk, "GSI"])
    shown = client.get(page).content.decode()
    assert "Explicit phonics." in shown
    sent = {"strengths": "Sings.", "version": f"@:{dana.pk}", "take": "academic_needs"}
    answer = client.post(f"{page}fill-in/", sent)
    assert answer.url == f"{page}#id_academic_needs"
    with scope.system():
        texts = dict(prepared.texts.values_list("field", "text"))
    assert texts == {"strengths": "Sings.", "academic_needs": "Explicit phonics."}


def test_everything_missing_stands_on_one_page_with_links(prepared, dana, browse):
    write(dana, prepared, "PLC", lre="RC80")
    text = browse(dana).get(reverse("ieps:missing", args=[prepared.pk])).content.decode()
    section = reverse("ieps:section", args=[prepared.pk, "GSI"])
    assert f'href="{section}#id_strengths"' in text
    assert "Nothing is missing." not in text
    assert "Not needed in this IEP" in text


def test_another_setting_than_the_computed_one_is_told_among_what_is_missing(prepared, dana, browse):
    list(services(dana, prepared, served("60", "10")))
    write(dana, prepared, "PRG", total_minutes="1800")
    write(dana, prepared, "PLC", lre="RC80")
    text = browse(dana).get(reverse("ieps:missing", args=[prepared.pk])).content.decode()
    assert "RC80 is chosen; RC79TO40 follows from the services" in text


def test_a_section_with_many_lines_asks_the_database_no_more(prepared, dana, browse):
    client, page = browse(dana), reverse("ieps:section", args=[prepared.pk, "PRG"])
    client.get(page)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as few:
            client.get(page)
        counts.append(len(few))
        list(services(dana, prepared, *[served("30", "2")] * 4))
    assert counts[0] == counts[1] <= 30


def test_autosave_tells_what_it_understood_of_days_and_numbers(draft, dana, browse):
    line = actions.add_line(by=dana, iep=draft, section="PRG", table="services")
    typed = {"total_minutes": "many", f"{line.pk}.minutes": "45", "time_frame_first": "13/32/2026"}
    sent = {**typed, "nonparticipation": "Reads in a group.", "version": f"@:{dana.pk}"}
    sent["_changed"] = [*typed, "nonparticipation"]
    answer = browse(dana).post(reverse("ieps:autosave", args=[draft.pk, "PRG"]), sent)
    read = answer.json()["read"]
    assert read["total_minutes"] == "Write a whole number, such as 45."
    assert read[f"{line.pk}.minutes"] == ""
    assert read["time_frame_first"].endswith(".")
    assert "nonparticipation" not in read
