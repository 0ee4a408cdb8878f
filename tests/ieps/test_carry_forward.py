"""A draft takes over what still holds of the earlier IEP, and nothing of it goes through without a look."""

from collections import Counter
from datetime import date

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from ieps import actions
from ieps.carried import earlier_iep, never_carried, not_looked_at, offered
from ieps.checking import findings_of
from ieps.items import Entry, items_of
from ieps.models import Carried, Iep, IepStatus
from ieps.rules.carrying import never_copied
from ieps.rules.checks import Level
from ieps.rules.form import sections
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.factories import IepFactory, UserFactory

pytestmark = pytest.mark.usefixtures("as_system")


def write(by, iep, section, **texts):
    for key, text in texts.items():
        actions.save_text(by=by, iep=iep, section=section, field=key, text=text, version=0)


@pytest.fixture
def last_year(child, parish, dana):
    """Official since a year: a strength, a participant, two goals, a consent."""
    iep = IepFactory(student=child, district=parish, kind="INI", author=dana, meeting_date=date(2025, 9, 22))
    write(dana, iep, "GSI", strengths="Sings.", meeting_date="Sep 22, 2025")
    mother = actions.add_line(by=dana, iep=iep, section="GSI", table="participants")
    write(dana, iep, "GSI", **{f"{mother.pk}.name": "Corinne Fontenot", f"{mother.pk}.attended": "Y"})
    for area in ("Reading", "Math"):
        plan = actions.add_line(by=dana, iep=iep, section="INS")
        cells = {"area": area, "goal": f"{area} goal", "target_date": "Sep 21, 2026"}
        write(dana, iep, "INS", **{f"{plan.pk}.{name}": text for name, text in cells.items()})
    write(dana, iep, "PLC", choice="CON", how="By letter")
    Iep.objects.filter(pk=iep.pk).update(status=IepStatus.OFFICIAL)
    iep.refresh_from_db()
    return iep


def goals(iep) -> dict[str, int]:
    return {each.title.partition(":")[0]: each.number for each in offered(iep) if each.number}


def waiting(iep) -> Counter[str]:
    """How many texts of each section wait for a look."""
    return Counter(section for section, _ in not_looked_at(iep))


def texts_of(iep) -> set[str]:
    return set(iep.texts.values_list("text", flat=True))


def test_what_was_agreed_is_offered_by_section_and_by_goal(last_year):
    whole = [(each.section, each.count) for each in offered(last_year) if not each.number]
    assert whole == [("GSI", 4), ("PLC", 2)]
    assert set(goals(last_year)) == {"Reading", "Math"}


def test_chosen_sections_and_goals_come_without_days_consents_and_attendance(last_year, draft, dana):
    reading = goals(last_year)["Reading"]
    count = actions.carry_forward(by=dana, source=last_year, to=draft, chosen=["GSI", "PLC"], goals=[reading])
    assert texts_of(draft) == {"Sings.", "Corinne Fontenot", "Reading", "Reading goal", "By letter"}
    assert count == 5
    assert draft.lines.get(section="INS").came_from_id == reading


def test_what_was_not_chosen_does_not_come(last_year, draft, dana):
    actions.carry_forward(by=dana, source=last_year, to=draft, chosen=["PLC"])
    assert texts_of(draft) == {"By letter"}


def test_what_stands_in_the_draft_stays_and_asks_for_no_look(last_year, draft, dana):
    write(dana, draft, "GSI", strengths="Paints.")
    actions.carry_forward(by=dana, source=last_year, to=draft, chosen=["GSI"])
    assert draft.texts.get(field="strengths").text == "Paints."
    assert ("GSI", "strengths") not in not_looked_at(draft)


def test_taking_over_twice_brings_nothing_twice(last_year, draft, dana):
    for _ in range(2):
        actions.carry_forward(by=dana, source=last_year, to=draft, chosen=["GSI"])
    assert draft.lines.count() == 1


def test_a_text_waits_until_it_is_changed_or_kept_on_purpose(last_year, draft, dana):
    actions.carry_forward(by=dana, source=last_year, to=draft, chosen=["GSI", "PLC"])
    assert waiting(draft) == {"GSI": 2, "PLC": 1}
    actions.save_text(
        by=dana, iep=draft, section="GSI", field="strengths", text="Sings and reads.", version=1
    )
    actions.look_at(by=dana, iep=draft, section="PLC", keys=["how"])
    assert waiting(draft) == {"GSI": 1}
    assert Carried.objects.get(text__field="how").looked_by == dana


def test_the_check_of_the_whole_iep_points_at_what_nobody_looked_at(last_year, draft, dana):
    actions.carry_forward(by=dana, source=last_year, to=draft, chosen=["PLC"])
    sentence = "1 field was taken over from the earlier IEP and not looked at yet."
    (found,) = [each for each in findings_of(draft) if each.sentence == sentence]
    assert (found.level, found.section, found.key) == (Level.WARNING, "PLC", "how")
    write_over = {"section": "PLC", "field": "how", "text": "By letter and phone", "version": 1}
    actions.save_text(by=dana, iep=draft, **write_over)
    assert sentence not in {each.sentence for each in findings_of(draft)}


def test_nothing_comes_into_a_section_that_somebody_has_alone(last_year, draft, dana, kofi):
    actions.take_out(by=kofi, iep=draft, section="PLC")
    with pytest.raises(actions.TakenOut):
        actions.carry_forward(by=dana, source=last_year, to=draft, chosen=["GSI", "PLC"])
    assert not draft.texts.exists()


def test_a_removed_line_waits_no_more(last_year, draft, dana):
    actions.carry_forward(by=dana, source=last_year, to=draft, chosen=["GSI"])
    actions.remove_line(by=dana, iep=draft, line=draft.lines.get())
    assert waiting(draft) == {"GSI": 1}


def test_a_draft_is_no_source(draft, child, parish, dana):
    other = IepFactory(student=child, district=parish, kind="INI")
    with pytest.raises(RuleBroken, match="agreed"):
        actions.carry_forward(by=dana, source=other, to=draft, chosen=["GSI"])


def test_a_reader_takes_nothing_over_and_keeps_nothing(last_year, draft, parish):
    reader = UserFactory(role=Role.READER, role__district=parish)
    with pytest.raises(NotAllowed):
        actions.carry_forward(by=reader, source=last_year, to=draft, chosen=["GSI"])
    with pytest.raises(NotAllowed):
        actions.look_at(by=reader, iep=draft, section="GSI", keys=["strengths"])


def test_who_looked_stays_known_once_the_iep_is_official(last_year, draft, dana):
    actions.carry_forward(by=dana, source=last_year, to=draft, chosen=["PLC"])
    Iep.objects.filter(pk=draft.pk).update(status=IepStatus.OFFICIAL)
    with pytest.raises(ProgrammingError, match="official IEP"), transaction.atomic():
        Carried.objects.update(looked_by=dana, looked_at=draft.created_at)


def test_the_latest_agreed_iep_with_words_in_it_is_the_earlier_one(last_year, draft, child, parish):
    IepFactory(student=child, district=parish, status=IepStatus.OFFICIAL, meeting_date=date(2026, 9, 1))
    assert earlier_iep(draft) == last_year


def test_the_table_names_fields_of_the_form():
    named = set()
    for row in sections("LA"):
        for item in items_of("LA", row.section):
            named.add((row.section, item.key))
            if not isinstance(item, Entry):
                named |= {(row.section, f"{item.key}.{column.column}") for column in item.columns}
    assert never_copied() <= named


def test_no_day_is_ever_taken_over(last_year):
    never = never_carried(last_year)
    for place in [("GSI", "meeting_date"), ("PRG", "time_frame_first"), ("INS", "objectives.target_date"),
                  ("GSI", "rights_given_date"), ("PRG", "decision_date")]:  # fmt: skip
        assert place in never


def test_a_review_begins_with_the_choice_and_each_field_asks_for_a_look(last_year, child, dana, browse):
    client = browse(dana)
    chosen = client.post(
        reverse("ieps:start", args=[child.pk]), {"kind": "REV", "category": "REG"}, follow=True
    )
    text = chosen.content.decode()
    assert "Reading: Reading goal" in text
    with scope.system():
        draft = child.ieps.drafts().get()
        reading = goals(last_year)["Reading"]
    page = reverse("ieps:section", args=[draft.pk, "GSI"])
    client.post(reverse("ieps:carry_forward", args=[draft.pk]), {"sections": ["GSI"], "goals": [reading]})
    assert "From the IEP of Sep 22, 2025, not yet looked at." in client.get(page).content.decode()
    client.post(f"{page}looked-at/", {"looked": "strengths", "version": f"@:{dana.pk}"})
    with scope.system():
        assert ("GSI", "strengths") not in not_looked_at(draft)


def test_nothing_chosen_is_said(last_year, draft, dana, browse):
    answer = browse(dana).post(reverse("ieps:carry_forward", args=[draft.pk]), {"other": "1"})
    assert answer.status_code == 400
    assert "Choose a section or a goal" in answer.content.decode()
