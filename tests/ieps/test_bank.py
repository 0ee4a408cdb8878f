"""Banks of goals and statements: kept, found, put into a field, read from a file, retired."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ieps import actions
from ieps.bank import offered_for, rows_in, statements_for
from ieps.models import Statement
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests.factories import DistrictFactory, EvaluationFactory, UserFactory

pytestmark = pytest.mark.usefixtures("as_system")
HEADING = "section,field,area,text\n"


@pytest.fixture
def leader(parish):
    return UserFactory(role=Role.SPED_SUPERVISOR, role__district=parish)


def goal(by, text="Reads 95 words a minute.", **whose):
    return actions.keep_statement(by=by, section="INS", field="goal", area="Reading", text=text, **whose)


def offered(user, words="", field="12.goal") -> set[str]:
    return set(offered_for(user, "INS", field, words).values_list("text", flat=True))


def test_my_own_statements_are_offered_to_me_alone(dana, kofi):
    goal(dana)
    assert offered(dana) == {"Reads 95 words a minute."}
    assert offered(kofi) == set()


def test_those_of_the_district_are_offered_to_everybody_who_writes_there(leader, dana, parish):
    goal(leader, district=parish)
    elsewhere = UserFactory(role=Role.IEP_AUTHOR, role__district=DistrictFactory())
    assert (len(offered(dana)), len(offered(elsewhere))) == (1, 0)


def test_they_are_found_by_words_and_area_for_their_field_alone(dana):
    goal(dana)
    goal(dana, "Writes both steps.")
    assert offered(dana, "reading words") == {"Reads 95 words a minute."}
    assert offered(dana, field="12.baseline") == set()


def test_who_does_not_keep_the_bank_adds_nothing_to_it(dana, parish):
    with pytest.raises(NotAllowed, match="bank of the district"):
        goal(dana, district=parish)


@pytest.mark.parametrize(
    ("section", "field", "text", "told"),
    [
        ("INS", "goal", "  ", "no words"),
        ("INS", "nothing", "Reads.", "no such field"),
        ("GSI", "meeting_date", "Reads.", "no such field"),
        ("INS", "goal", "Student 4000000017 reads.", "number of a student"),
        ("INS", "goal", "x" * 4001, "at most"),
    ],
)
def test_what_does_not_belong_in_a_bank_is_refused(dana, section, field, text, told):
    with pytest.raises(RuleBroken, match=told):
        actions.keep_statement(by=dana, section=section, field=field, text=text)


def test_a_retired_statement_is_offered_no_more(dana):
    yesterday = timezone.localdate() - timedelta(days=1)
    kept = goal(dana)
    Statement.objects.filter(pk=kept.pk).update(first_day=date(2026, 1, 5))
    kept.refresh_from_db()
    actions.retire_statement(by=dana, statement=kept, last_day=yesterday)
    assert offered(dana) == set()
    assert list(statements_for(dana)) == [kept]


def test_nobody_retires_what_belongs_to_another(dana, kofi):
    with pytest.raises(RuleBroken, match="somebody else"):
        actions.retire_statement(by=kofi, statement=goal(dana))


def test_from_an_iep_the_names_of_the_child_stay_behind(draft, dana):
    kept = actions.keep_from_iep(
        by=dana, iep=draft, section="INS", field="12.goal", text="Jules will read. FONTENOT reads."
    )
    assert (kept.field, kept.text) == ("goal", "The student will read. The student reads.")


def test_a_birthday_is_no_statement(draft, dana):
    with pytest.raises(RuleBroken, match="birthday"):
        actions.keep_from_iep(by=dana, iep=draft, section="INS", field="goal", text="Born Mar 12, 2015.")


def test_a_file_brings_its_good_lines_and_names_the_others(leader, parish):
    rows = "INS,goal,Reading,Reads aloud.\nINS,gaol,Math,Adds.\nINS,goal,,\n"
    result = actions.import_statements(by=leader, content=(HEADING + rows).encode(), district=parish)
    assert result.added == 1
    assert [line for line, _ in result.bad] == [3, 4]
    again = actions.import_statements(by=leader, content=(HEADING + rows).encode(), district=parish)
    assert (again.added, again.known) == (0, 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"section,field\nINS,goal\n", "lacks: area, text"),
        ("section,field,area,text\nINS,goal,,é".encode("latin-1"), "UTF-8"),
        (b"", "lacks"),
        (HEADING.encode() + b"x" * 1_000_001, "1 MB"),
    ],
)
def test_what_is_no_such_file_is_told(content, told):
    with pytest.raises(RuleBroken, match=told):
        list(rows_in(content))


def test_words_are_added_below_what_stands_there(draft, dana):
    for words in ("Sings.", "Reads maps."):
        actions.insert_words(by=dana, iep=draft, section="GSI", field="strengths", words=words)
    assert draft.texts.get().text == "Sings.\nReads maps."


def test_words_of_the_report_and_of_the_bank_go_into_a_field(draft, child, parish, dana, browse):
    report = EvaluationFactory(student=child, district=parish)
    report.texts.create(section="student_interview", text="Likes to sing.", saved_by=dana)
    type(draft).objects.filter(pk=draft.pk).update(evaluation=report)
    kept = actions.keep_statement(by=dana, section="GSI", field="strengths", text="Works well in pairs.")
    client, place = browse(dana), {"args": [draft.pk, "GSI", "strengths"]}
    text = client.get(reverse("ieps:words", **place)).content.decode()
    assert "Likes to sing." in text
    assert "Works well in pairs." in text
    client.post(reverse("ieps:insert_words", **place), {"said": "0"})
    there = client.post(reverse("ieps:insert_words", **place), {"statement": str(kept.pk)})
    assert there.url.endswith("#id_strengths")
    with scope.system():
        assert draft.texts.get().text == "Likes to sing.\nWorks well in pairs."


def test_the_text_of_a_field_is_kept_for_the_next_time(draft, dana, browse):
    actions.save_text(by=dana, iep=draft, section="GSI", field="strengths", text="Jules sings.", version=0)
    client, place = browse(dana), {"args": [draft.pk, "GSI", "strengths"]}
    assert "The student sings." in client.get(reverse("ieps:words", **place)).content.decode()
    client.post(reverse("ieps:keep_words", **place), {"whose": "mine", "area": ""})
    with scope.system():
        assert Statement.objects.get().text == "The student sings."


def test_the_bank_is_filled_and_looked_through_on_its_pages(dana, browse):
    client = browse(dana)
    sent = {"place": "INS.goal", "area": "Math", "text": "Adds to 100.", "whose": "mine"}
    client.post(reverse("ieps:add_statement"), sent)
    file = SimpleUploadedFile("bank.csv", (HEADING + "INS,gaol,Math,Adds.\n").encode())
    refused = client.post(reverse("ieps:import_statements"), {"file": file, "whose": "mine"})
    assert "Line 2: The form has no such field" in refused.content.decode()
    found = client.get(reverse("ieps:bank"), {"words": "adds"}).content.decode()
    assert "Adds to 100." in found
    with scope.system():
        pk = Statement.objects.get().pk
    client.post(reverse("ieps:statement", args=[pk]), {"last_day": "today"})
    with scope.system():
        assert Statement.objects.get().last_day == timezone.localdate()


def test_the_list_asks_as_often_for_many_statements_as_for_few(leader, dana, parish, browse):
    client, counts = browse(dana), []
    for many in (2, 12):
        for number in range(many):
            goal(leader, f"Reads {many} {number}.", district=parish)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("ieps:bank"))
        counts.append(len(queries))
    assert counts[1] <= counts[0] <= 13
