"""The API says what the pages say."""

from datetime import date

import pytest

from security.models import AccessRecord
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
