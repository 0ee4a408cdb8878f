"""A finding is opened once, kept with its explanation while it holds, and cleared by the audit alone."""

from datetime import date

import pytest

from enrollment.actions import exit_student
from enrollment.actions.audit import audit_all, audit_student, explain
from enrollment.models import Enrollment, Finding
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make

SEP_4 = date(2026, 9, 4)


@pytest.fixture
def finding(dc, enrolled) -> Finding:
    """A child of an age far from its grade: check 17."""
    enrollment = enrolled(grade="01", birth_date=date(2010, 3, 1))
    with scope.elevated():
        audit_student(enrollment.student_id)
        return Finding.objects.open().get(check_number=17)


def again(finding: Finding) -> Finding:
    with scope.elevated():
        audit_student(finding.student_id)
        return Finding.objects.get(pk=finding.pk)


def test_what_still_holds_stays_as_it_was_explained(dc, finding):
    with scope.of(dc.registrar):
        explain(by=dc.registrar, finding=finding, words=" Came to school late. ")
    kept = again(finding)
    assert (kept.explained, kept.explained_by_id, kept.cleared_at) == (
        "Came to school late.", dc.registrar.pk, None,
    )  # fmt: skip
    with scope.elevated():
        assert Finding.objects.filter(check_number=17).count() == 1


def test_what_no_longer_holds_is_cleared_and_not_explained_any_more(dc, finding):
    with scope.elevated():
        Enrollment.objects.filter(student=finding.student_id).update(grade="10")
    assert again(finding).cleared_at is not None
    with scope.of(dc.registrar), pytest.raises(RuleBroken, match="no longer holds"):
        explain(by=dc.registrar, finding=finding, words="late")


def test_an_explanation_needs_words_and_a_person_of_the_district(dc, finding):
    with scope.of(dc.registrar), pytest.raises(RuleBroken) as refusal:
        explain(by=dc.registrar, finding=finding, words="  ")
    assert refusal.value.field == "words"
    reader = make.UserFactory(role=Role.READER, role__district=dc.mine)
    with scope.of(reader), pytest.raises(NotAllowed, match="can explain"):
        explain(by=reader, finding=finding, words="late")


@pytest.mark.rule("CHECK-13")
def test_an_entry_and_an_exit_are_audited_with_the_change_itself(dc, enrolled):
    left = enrolled(grade="09", birth_date=date(2012, 3, 1))
    with scope.of(dc.registrar):
        exit_student(by=dc.registrar, enrollment=left, code="1940", on=SEP_4)
    back = make.EnrollmentFactory(
        student=left.student, district=dc.mine, site=dc.other, first_day=date(2026, 9, 20), grade="09"
    )
    with scope.of(dc.registrar):
        exit_student(by=dc.registrar, enrollment=back, code="1964", on=date(2026, 9, 25))
        numbers = Finding.objects.open().filter(student=left.student).values_list("check_number", flat=True)
        assert 13 in set(numbers)


@pytest.mark.rule("CHECK-2")
def test_each_district_reads_its_own_side_of_a_claim_and_who_the_other_is(dc, enrolled):
    mine = enrolled(grade="06")
    make.EnrollmentFactory(
        student=mine.student, district=dc.theirs, site=dc.neighbour, first_day=date(2026, 9, 1)
    )
    audited = audit_all()
    with scope.of(dc.registrar):
        sides = list(Finding.objects.open().filter(check_number=2).values_list("district_id", "other_id"))
    assert audited[0] >= 2
    assert (dc.mine.pk, dc.theirs.pk) in sides
