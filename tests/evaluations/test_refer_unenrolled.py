"""Children in no public school are found and evaluated too (34 CFR 300.111)."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from evaluations import actions
from evaluations.models import Evaluation
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from students.actions.register import Child
from students.models import Student
from tests.factories import DistrictFactory, EnrollmentFactory, UserFactory

ZORA = Child(
    state_student_id="4999000111",
    last_name="Robichaux",
    first_name="Zora",
    birth_date=date(2024, 5, 1),
    sex="F",
)
ON = date(2026, 9, 1)


def refer(by, district, child=ZORA, not_enrolled="EARL"):
    with scope.of(by):
        return actions.refer_unenrolled(
            by=by, child=child, district=district, not_enrolled=not_enrolled, on=ON, reason="Speaks late."
        )


def test_the_district_answers_from_the_referral_on_and_sees_the_child(coordinator, parish):
    evaluation = refer(coordinator, parish)
    assert (evaluation.not_enrolled, evaluation.district) == ("EARL", parish)
    with scope.of(coordinator):
        assert list(Student.objects.visible_to(coordinator)) == [evaluation.student]
        row = evaluation.student.jurisdictions.get()
    assert (row.district, row.site, row.first_day) == (parish, None, ON)


def test_over_the_api_it_is_the_same(coordinator, parish, browse):
    client, address = browse(coordinator), reverse("api:evaluation-unenrolled")
    sent = {
        **{name: getattr(ZORA, name) for name in ("last_name", "first_name", "sex")},
        "state_student_id": "4999 000 111", "birth_date": "2024-05-01", "district": parish.pk,
        "not_enrolled": "EARL", "on": "2026-09-01", "reason": "Speaks late.",
    }  # fmt: skip
    made = client.post(address, sent, content_type="application/json")
    assert (made.status_code, made.json()["not_enrolled"]) == (201, "EARL")
    with scope.system():
        assert Student.objects.get().state_student_id == "4999000111"
    elsewhere = client.post(
        address, sent | {"district": DistrictFactory().pk}, content_type="application/json"
    )
    assert elsewhere.status_code == 403


def test_a_child_that_the_district_knows_already_is_the_same_child(coordinator, parish):
    first = refer(coordinator, parish)
    with pytest.raises(RuleBroken, match="in progress already"):
        refer(coordinator, parish)
    with scope.system():
        assert first.student.evaluations.count() == 1


def test_another_district_answers_for_the_child(coordinator, parish):
    there = DistrictFactory(name="Bayou Parish")
    theirs = UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=there)
    refer(theirs, there)
    with pytest.raises(RuleBroken, match="Bayou Parish answers for this student today") as refused:
        refer(coordinator, parish)
    assert refused.value.field == "district"


@pytest.mark.parametrize(
    ("child", "code", "sentence"),
    [
        (replace(ZORA, birth_date=date(2023, 9, 1)), "EARL", "ends at age 3; the child was 3"),
        (ZORA, "NONE", "Choose why the child is in no public school"),
    ],
)
def test_what_cannot_be_is_refused(coordinator, parish, child, code, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        refer(coordinator, parish, child, code)


def test_a_child_in_school_is_referred_from_its_page(coordinator, parish):
    student = refer(coordinator, parish).student
    EnrollmentFactory(student=student, district=parish)
    with pytest.raises(RuleBroken, match="This student is enrolled"):
        refer(coordinator, parish)


def test_only_who_may_refer_there(psychologist, parish, coordinator):
    for somebody, place in ((psychologist, parish), (coordinator, DistrictFactory())):
        with pytest.raises(NotAllowed, match="can refer a student"):
            refer(somebody, place)


def test_the_page_takes_the_child_and_leads_to_the_evaluation(coordinator, parish, psychologist, browse):
    sent = {
        "state_student_id": "4999 000 111", "last_name": "Robichaux", "first_name": "Zora", "sex": "F",
        "birth_date": "5/1/2024", "not_enrolled": "EARL", "district": parish.pk, "referral_date": "9/1/2026",
        "reason": "Speaks late.",
    }  # fmt: skip
    said = browse(coordinator).post("/evaluations/refer/", sent, follow=True).content.decode()
    assert "Not yet in school, birth to three" in said
    with scope.system():
        assert Evaluation.objects.get().student.state_student_id == "4999000111"
    assert browse(psychologist).get("/evaluations/refer/").status_code == 403
