"""Whatever verb changes a child's enrollments has the audit look at the child again, in the same change."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from enrollment import actions
from enrollment.actions.audit import audit_student
from enrollment.models import Enrollment, Finding, RequestState, SupportRequest
from ieps.models import IepStatus
from security import scope
from security.rules.roles import Role
from students.actions.merge import merge, plan_of, undo_merge
from tests import factories as make

AUG_10, SEP_4 = date(2026, 8, 10), date(2026, 9, 4)


@pytest.fixture
def state_person(dc):
    return make.UserFactory(role=Role.SEA_ADMINISTRATOR)


@pytest.fixture
def overdue(dc, enrolled):
    """`overdue("1941")` left with this code on Sep 4, and its documentation is late: check 30."""

    def leave(code: str) -> Enrollment:
        row = enrolled(grade="09")
        with scope.of(dc.registrar):
            gone = actions.exit_student(by=dc.registrar, enrollment=row, code=code, on=SEP_4)
        with scope.elevated():
            Enrollment.objects.filter(pk=gone.pk).update(exit_lag=0, documentation_due=SEP_4)
            audit_student(gone.student_id)
            gone = Enrollment.objects.select_related("district__state", "site").get(pk=gone.pk)
        assert 30 in found(gone)
        return gone

    return leave


def found(enrollment: Enrollment) -> set[int]:
    with scope.elevated():
        rows = Finding.objects.open().filter(student=enrollment.student_id)
        return set(rows.values_list("check_number", flat=True))


def handed_in(dc, enrollment):
    with scope.of(dc.registrar):
        letter = ContentFile(b"%PDF-1.7 a letter of the new school", name="letter.pdf")
        return actions.hand_in_paper(by=dc.registrar, enrollment=enrollment, file=letter)


@pytest.mark.rule("CHECK-24")
def test_a_registered_child_that_comes(dc, enrolled):
    registered = enrolled(stage=4, special=True)
    with scope.of(dc.registrar):
        actions.attend(by=dc.registrar, enrollment=registered, code="1880", first_attended=AUG_10)
    assert 24 in found(registered)


@pytest.mark.rule("CHECK-30")
def test_documentation_that_is_accepted(dc, overdue, state_person):
    gone = overdue("1941")
    paper = handed_in(dc, gone)
    with scope.of(state_person):
        actions.decide_paper(by=state_person, paper=paper, accepted=True)
    assert 30 not in found(gone)


@pytest.mark.rule("CHECK-30")
def test_a_credential_that_is_verified(overdue, state_person):
    gone = overdue("2020")
    with scope.of(state_person):
        actions.verify_credential(by=state_person, enrollment=gone, verifier="PCSB")
    assert 30 not in found(gone)


@pytest.mark.rule("CHECK-30")
def test_a_default_that_is_taken_back(dc, overdue, state_person):
    gone = overdue("1941")
    with scope.of(dc.registrar):
        actions.declare_no_documentation(by=dc.registrar, enrollment=gone)
    with scope.of(state_person):
        later = timezone.localdate() + timedelta(days=5)
        actions.lift_default(by=state_person, enrollment=gone, due=later, reason="The school was shut")
    assert 30 not in found(gone)


@pytest.mark.rule("CHECK-25")
def test_an_exit_from_special_education_that_the_state_grants(dc, enrolled, state_person):
    gone = enrolled(special=True)
    make.IepFactory(student=gone.student, district=dc.mine, status=IepStatus.OFFICIAL)
    with scope.elevated():
        Enrollment.objects.filter(pk=gone.pk).update(
            last_day=SEP_4, exit_code="1966", effective_exit_code="1966", seds_state="ADMIN_EXIT_REQUESTED"
        )
        asked = SupportRequest.objects.create(
            student=gone.student, district=dc.mine, enrollment=gone, words="It is.", due_diligence="Called.",
            issue_type="Enrollment / Enrollment Audit", sub_category="Administrative Exit from SEDS / PWN",
        )  # fmt: skip
        audit_student(gone.student_id)
    assert 25 not in found(gone)
    with scope.of(state_person):
        actions.answer_request(by=state_person, request=asked, words="Yes.", state=RequestState.GRANTED)
    assert 25 in found(gone)


@pytest.mark.rule("CHECK-19")
@pytest.mark.rule("CHECK-23")
def test_a_merge_and_its_undoing(dc, enrolled):
    """Last year in grade 6 under one number, this year in grade 9 under the other."""
    this_year = enrolled(grade="09", birth_date=date(2012, 3, 1))
    kept = this_year.student
    double = make.StudentFactory(
        state=dc.state, last_name=kept.last_name, birth_date=kept.birth_date, sex=kept.sex
    )
    make.EnrollmentFactory(
        student=double, district=dc.mine, site=dc.school, grade="06", entry_code="1880",
        first_day=date(2025, 8, 11), exit_code="1964", last_day=date(2026, 5, 20),
    )  # fmt: skip
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=dc.mine)
    with scope.of(manager):
        plan = plan_of(kept, double)
        done = merge(
            by=manager, kept=kept, merged=double, reason="One birth certificate", key=plan.key, checked=True
        )
        together = found(this_year)
        undo_merge(by=manager, done=done)
    assert (19 in together, 19 in found(this_year)) == (True, False)
