"""The API says what the pages say."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from enrollment.actions.duties import open_duty
from enrollment.models import DutyKind, Finding
from security import scope
from security.actions.tokens import make_token
from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
EXIT = {"code": "1941", "last_day": "2026-09-04", "how_known": "Mother called.", "version": 1}


@pytest.fixture
def api(dc, browse):
    client = browse(dc.registrar)
    return lambda path, typed=None: (
        client.get(f"/api/{path}")
        if typed is None
        else client.post(f"/api/{path}", typed, content_type="application/json")
    )


def test_an_exit_over_the_api_is_the_exit_of_the_page(api, enrolled):
    answer = api(f"enrollments/{enrolled().pk}/exit/", EXIT)
    assert (answer.status_code, answer.json()["documentation_due"]) == (200, "2026-09-09")


def test_a_refusal_is_the_same_sentence_with_its_field(api, enrolled):
    answer = api(f"enrollments/{enrolled().pk}/exit/", EXIT | {"code": "4321"})
    assert (answer.status_code, answer.json()["field"]) == (400, "code")
    assert "this student has attended" in answer.json()["detail"]


def test_a_child_is_entered_and_then_found(api, dc):
    child = {"state_student_id": "4100000001", "last_name": "Fontenot", "first_name": "Jules",
             "birth_date": "2015-03-12", "sex": "M"}  # fmt: skip
    entry = {"child": child, "district": dc.mine.pk, "site": dc.school.pk, "code": "1880",
             "first_day": "2026-08-10", "first_attended": "2026-08-10", "grade": "06"}  # fmt: skip
    entered = api("enrollments/", entry)
    assert entered.status_code == 201
    found = api("students/search/?q=fontenot").json()
    assert [hit["student"]["state_student_id"] for hit in found] == ["4100000001"]


def test_a_child_of_another_district_is_not_there(api, dc):
    child = make.StudentFactory(state=dc.state, district=dc.theirs)
    row = make.EnrollmentFactory(student=child, district=dc.theirs, site=dc.neighbour)
    assert api(f"students/{child.pk}/").status_code == 404
    assert api(f"enrollments/{row.pk}/").status_code == 404
    assert api(f"enrollments/{row.pk}/exit/", EXIT).status_code == 404
    assert api("students/").json()["results"] == api("enrollments/").json()["results"] == []


def test_opening_a_child_is_noted(api, enrolled, dc):
    student = enrolled(birth_date=date(2015, 1, 1)).student
    assert api(f"students/{student.pk}/").json()["jurisdictions"][0]["district"] == dc.mine.pk
    assert AccessRecord.objects.filter(student_id=student.pk, user=dc.registrar).count() == 1


def test_the_description_of_the_api_names_the_verbs(api):
    described = api("schema/").content.decode()
    assert "/api/enrollments/{id}/exit/" in described


PERMITTED = ("exit", "transfer", "attend", "contact-attempts", "papers", "notice", "administrative-exit")


def test_the_description_names_every_verb_of_an_enrollment(api):
    described = api("schema/").content.decode()
    assert [name for name in PERMITTED if f"/api/enrollments/{{id}}/{name}/" not in described] == []
    assert "/api/rosters/" in described


def test_a_registered_child_comes(api, enrolled, dc):
    make.CalendarFactory(district=dc.mine, school_year=make.SchoolYearFactory(state=dc.state))
    row = enrolled(stage=4)
    sent = {"code": "1880", "first_attended": "2026-08-12"}
    assert api(f"enrollments/{row.pk}/attend/", sent).json()["stage"] == 5
    too_late = api(f"enrollments/{row.pk}/attend/", sent | {"first_attended": "2026-08-13"})
    assert (too_late.status_code, "attends since" in too_late.json()["detail"]) == (400, True)


def test_a_move_to_a_nonpublic_school_is_one_deed(api, enrolled, dc):
    academy = make.AffiliationFactory(district=dc.mine, site__state=dc.state).site
    row, sent = enrolled(), {"first_day": "2026-09-08", "how_known": "The IEP team decided."}
    refused = api(f"enrollments/{row.pk}/transfer/", sent | {"site": dc.other.pk})
    assert (refused.status_code, refused.json()["field"]) == (400, "site")
    moved = api(f"enrollments/{row.pk}/transfer/", sent | {"site": academy.pk})
    assert (moved.status_code, moved.json()["entry_code"]) == (201, "1811")


def test_an_administrative_exit_is_asked_for_after_attempt_and_notice(api, enrolled, dc):
    """R5.09: with one of them alone it is refused, in the same sentence as on the page."""
    at = f"enrollments/{enrolled(special=True).pk}"
    api(f"{at}/exit/", EXIT | {"code": "1942", "how_known": "x"})
    asked = {"words": "Take her off.", "due_diligence": "Called twice."}
    assert api(f"{at}/administrative-exit/", asked).status_code == 400
    made = api(f"{at}/contact-attempts/", {"on": "2026-09-07", "way": "PHONE", "result": "Nobody answered"})
    assert made.status_code == 201
    assert [row["result"] for row in api(f"{at}/contact-attempts/").json()] == ["Nobody answered"]
    assert api(f"{at}/notice/", {"issued_on": "2026-09-09"}).status_code == 201
    request = api(f"{at}/administrative-exit/", asked)
    assert (request.status_code, request.json()["state"]) == (201, "OPEN")


def test_a_paper_is_handed_in_and_decided_by_the_state_alone(browse, enrolled, dc):
    at, mine = f"/api/enrollments/{enrolled().pk}", browse(dc.registrar)
    mine.post(f"{at}/exit/", EXIT, content_type="application/json")
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 a letter", "application/pdf")
    paper = mine.post(f"{at}/papers/", {"file": letter})
    assert (paper.status_code, mine.get(f"{at}/papers/").json()) == (201, [paper.json()])
    sent = {"paper": paper.json()["id"], "decision": "ACCEPTED"}
    assert mine.post(f"{at}/decision/", sent).status_code == 403
    state = browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR))
    assert state.post(f"{at}/decision/", sent).json()["decision"] == "ACCEPTED"
    assert state.post(f"{at}/decision/", sent | {"paper": 0}).status_code == 404


def test_duties_and_findings_are_listed_and_answered(api, enrolled, dc):
    row = enrolled()
    with scope.elevated():
        duty = open_duty(row, DutyKind.WHEREABOUTS, date(2026, 8, 10))
        finding = Finding.objects.create(
            check_number=17, student=row.student, district=dc.mine, severity="warning", words="Far apart.",
            found_at=timezone.now(),
        )  # fmt: skip
    assert [found["id"] for found in api("duties/?done_on__isnull=true").json()["results"]] == [duty.pk]
    assert api(f"duties/{duty.pk}/finish/", {"how": "Found at home"}).json()["done_how"] == "Found at home"
    assert [found["id"] for found in api("findings/").json()["results"]] == [finding.pk]
    said = api(f"findings/{finding.pk}/explain/", {"words": "She skipped a grade."})
    assert said.json()["explained"] == "She skipped a grade."


@pytest.mark.rule("OSSE-R4.04")
def test_a_roster_is_asked_for_by_day(api, enrolled, dc):
    row = enrolled()
    mine = f"rosters/?district={dc.mine.pk}"
    there = api(f"{mine}&day=2026-09-04&site={dc.school.pk}").json()
    assert (there["count"], there["results"][0]["student"]) == (1, row.student_id)
    assert api(f"{mine}&day=2026-08-09").json() == {"count": 0, "page": 1, "results": []}
    assert api(f"{mine}&day=soon").json()["day"]
    assert api(f"rosters/?district={dc.theirs.pk}").status_code == 404


@pytest.mark.parametrize("name", [*PERMITTED[1:], "decision"])
def test_another_districts_enrollment_has_no_verbs(api, dc, name):
    child = make.StudentFactory(state=dc.state, district=dc.theirs)
    row = make.EnrollmentFactory(student=child, district=dc.theirs, site=dc.neighbour)
    sent = {
        "site": dc.school.pk, "first_day": "2026-09-08", "how_known": "x", "code": "1880", "on": "2026-09-07",
        "first_attended": "2026-08-12", "way": "PHONE", "result": "x", "issued_on": "2026-09-09",
        "words": "x", "due_diligence": "x", "paper": 1, "decision": "ACCEPTED",
    }  # fmt: skip
    of_verb = {key: sent[key] for key in SENT_TO.get(name, ())}
    if name != "papers":
        assert api(f"enrollments/{row.pk}/{name}/", of_verb).status_code == 404
    assert api(f"enrollments/{row.pk}/{name}/").status_code in (404, 405)


SENT_TO = {
    "transfer": ("site", "first_day", "how_known"), "attend": ("code", "first_attended"),
    "contact-attempts": ("on", "way", "result"), "notice": ("issued_on",), "decision": ("paper", "decision"),
    "administrative-exit": ("words", "due_diligence"),
}  # fmt: skip


def test_a_token_that_reads_only_writes_nothing(enrolled, dc):
    row = enrolled()
    plain = make_token(by=dc.registrar, name="load", reach="read", days=5, second_factor=True)[1]
    reader = Client(headers={"authorization": f"Bearer {plain}"}, enforce_csrf_checks=True)
    at = f"/api/enrollments/{row.pk}/contact-attempts/"
    assert reader.get(at).status_code == 200
    refused = reader.post(at, {"on": "2026-09-07", "way": "PHONE", "result": "x"}, "application/json")
    assert (refused.status_code, "reads only" in refused.json()["detail"]) == (403, True)
