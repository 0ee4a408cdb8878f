"""Leaving: what is saved, who stays responsible, and who is refused."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enrollment.actions import exit_student, mark_no_show
from enrollment.models import Enrollment, SedsState
from journal.models import Entry
from security import scope
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from students.actions.merge import undo_merge
from students.models import Jurisdiction, Student
from tests import factories as make
from tests.students.test_merge import merged

pytestmark = pytest.mark.django_db
SEP_4 = date(2026, 9, 4)
KNOWN = "Mother called on Sep 16 and said the family moved."


def leave(dc, enrollment, code="1941", on=SEP_4, how_known=KNOWN, **more):
    with scope.of(dc.registrar):
        return exit_student(
            by=dc.registrar, enrollment=enrollment, code=code, on=on, how_known=how_known, **more
        )


def responsible_until(enrollment):
    with scope.system():
        return Jurisdiction.objects.get(student=enrollment.student_id).last_day


TRUTH = [
    # code, special education, Part C history, roster state afterwards, does responsibility end
    pytest.param("1941", False, "UNKNOWN", SedsState.NOT_ON, True, marks=pytest.mark.rule("OSSE-R4.02")),
    pytest.param("1941", True, "UNKNOWN", SedsState.EXIT_CODED, False, marks=pytest.mark.rule("OSSE-R5.02")),
    pytest.param("1942", True, "UNKNOWN", SedsState.PENDING_PWN, False, marks=pytest.mark.rule("OSSE-R5.07")),
    pytest.param("1960", True, "NO", SedsState.AUTO_EXITED, True, marks=pytest.mark.rule("OSSE-R5.03")),
    pytest.param("1960", True, "YES", SedsState.PENDING_PWN, False, marks=pytest.mark.rule("OSSE-R5.04")),
    pytest.param("1960", True, "UNKNOWN", SedsState.PENDING_PWN, False, marks=pytest.mark.rule("OSSE-R5.05")),
    pytest.param("1984", True, "UNKNOWN", SedsState.PENDING_PWN, False, marks=pytest.mark.rule("OSSE-R5.08")),
    pytest.param("2040", True, "UNKNOWN", SedsState.ACTIVE, False, marks=pytest.mark.rule("OSSE-R6.07")),
    pytest.param("2040", False, "UNKNOWN", SedsState.NOT_ON, False, marks=pytest.mark.rule("OSSE-R6.03")),
]


@pytest.mark.parametrize(("code", "special", "part_c", "state", "ends"), TRUTH)
def test_an_exit_ends_responsibility_unless_special_education_goes_on(
    dc, enrolled, code, special, part_c, state, ends
):
    left = leave(dc, enrolled(special=special, part_c_history=part_c), code)
    assert left.seds_state == state
    assert responsible_until(left) == (SEP_4 if ends else None)


def test_what_was_typed_is_kept_with_the_exit_and_told_in_the_journal(dc, enrolled):
    left = leave(dc, enrolled(), new_school="Instituto San Rafael, Honduras")
    with scope.system():
        kept = Enrollment.objects.get(pk=left.pk)
        told = Entry.objects.get(kind="STUDENT_EXITED")
    assert (kept.exit_code, kept.last_day, kept.documentation_due) == ("1941", SEP_4, date(2026, 9, 9))
    assert (kept.how_known, kept.new_school) == (KNOWN, "Instituto San Rafael, Honduras")
    assert told.words == f"exited {dc.school} with 1941, effective Sep 4, 2026"
    assert told.details["lag_days"] == (timezone.localdate() - SEP_4).days


@pytest.mark.rule("OSSE-R5.01")
def test_leaving_the_special_education_roster_closes_the_activity(dc, enrolled):
    left = leave(dc, enrolled(special=True, part_c_history="NO"), "1960")
    with scope.system():
        assert left.student.activities.get().last_day == SEP_4


def test_a_child_with_a_second_enrollment_here_stays_the_districts(dc, enrolled):
    first = enrolled()
    make.EnrollmentFactory(student=first.student, district=dc.mine, site=dc.other)
    leave(dc, first)
    assert responsible_until(first) is None


def test_the_same_exit_sent_twice_is_one_exit(dc, enrolled):
    enrollment = enrolled()
    leave(dc, enrollment, version=1)
    again = leave(dc, enrollment, version=1)
    with scope.system():
        assert (again.exit_code, again.version) == ("1941", 2)
        assert Entry.objects.filter(kind="STUDENT_EXITED").count() == 1


def test_a_stale_save_overwrites_nothing(dc, enrolled):
    enrollment = enrolled()
    with pytest.raises(Stale, match="nothing was overwritten"):
        leave(dc, enrollment, version=7)
    with scope.system():
        assert Enrollment.objects.get(pk=enrollment.pk).last_day is None


def test_a_second_different_exit_says_how_it_ended(dc, enrolled):
    enrollment = leave(dc, enrolled())
    with pytest.raises(RuleBroken, match=r"already ended on Sep 4, 2026 with 1941"):
        leave(dc, enrollment, "1942")


REFUSED = [
    pytest.param(
        {}, "1941", date(2026, 8, 1), "last_day", "before the entry", marks=pytest.mark.rule("CHECK-4")
    ),
    pytest.param({}, "9999", SEP_4, "code", "not an exit code", marks=pytest.mark.rule("CHECK-8")),
    pytest.param({}, "2022", SEP_4, "code", "no name for it", marks=pytest.mark.rule("OSSE-R1.08")),
    pytest.param({}, "4321", SEP_4, "code", "never attended", marks=pytest.mark.rule("OSSE-R3.05")),
    pytest.param(
        {"special": True}, "1968", SEP_4, "code", "maximum age", marks=pytest.mark.rule("OSSE-R5.06")
    ),
    pytest.param({"stage": 4}, "1941", SEP_4, "code", "4321", marks=pytest.mark.rule("OSSE-R3.01")),
    pytest.param({}, "1941", timezone.localdate() + timedelta(days=400), "last_day", "Check the year"),
]


@pytest.mark.parametrize(("child", "code", "on", "field", "words"), REFUSED)
def test_a_refused_exit_names_the_field_and_the_reason(dc, enrolled, child, code, on, field, words):
    with pytest.raises(RuleBroken, match=words) as refusal:
        leave(dc, enrolled(**child), code, on)
    assert refusal.value.field == field


NO_SHOWS = [
    pytest.param(False, "4321", SedsState.NOT_ON, marks=pytest.mark.rule("OSSE-R3.02")),
    pytest.param(True, "1234", SedsState.PENDING_PWN, marks=pytest.mark.rule("OSSE-R3.07")),
]


@pytest.mark.parametrize(("special", "code", "state"), NO_SHOWS)
def test_a_no_show_takes_the_code_of_its_roster(dc, enrolled, special, code, state):
    enrollment = enrolled(special=special, stage=4)
    with scope.of(dc.registrar):
        left = mark_no_show(by=dc.registrar, enrollment=enrollment, on=SEP_4, how_known="Called three times.")
    assert (left.exit_code, left.seds_state, left.no_show) == (code, state, True)


@pytest.mark.rule("OSSE-R3.04")
def test_a_special_education_no_show_needs_the_attempts_to_find_the_child(dc, enrolled):
    enrollment = enrolled(special=True, stage=4)
    with scope.of(dc.registrar), pytest.raises(RuleBroken, match="attempts") as refusal:
        mark_no_show(by=dc.registrar, enrollment=enrollment, on=SEP_4)
    assert refusal.value.field == "how_known"


@pytest.mark.rule("OSSE-R3.08")
def test_a_no_show_waits_while_an_evaluation_is_pending(dc, enrolled):
    enrollment = enrolled(stage=4)
    make.EvaluationFactory(student=enrollment.student, district=dc.mine)
    with scope.of(dc.registrar), pytest.raises(RuleBroken, match="pending"):
        mark_no_show(by=dc.registrar, enrollment=enrollment, on=SEP_4)


def test_who_may_only_read_is_told_who_can(dc, enrolled):
    enrollment = enrolled()
    reader = make.UserFactory(role=Role.READER, role__district=dc.mine)
    with scope.of(reader), pytest.raises(NotAllowed, match=r"^Only .*registrar"):
        exit_student(by=reader, enrollment=enrollment, code="1941", on=SEP_4)


def test_the_district_still_reads_the_child_that_left(dc, enrolled):
    left = leave(dc, enrolled())
    with scope.of(dc.registrar):
        assert Student.objects.visible_to(dc.registrar).filter(pk=left.student_id).exists()
        assert Enrollment.objects.visible_to(dc.registrar).filter(pk=left.pk).exists()


@pytest.mark.rule("CHECK-23")
def test_an_exit_between_a_merge_and_its_undoing_ends_responsibility_for_both(dc, enrolled):
    same = {"last_name": "Fontenot", "birth_date": date(2012, 1, 1), "sex": "M"}
    enrollment = enrolled(**same)
    kept = make.StudentFactory(state=dc.state, district=dc.mine, district__site=dc.school, **same)
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=dc.mine)
    done = merged(manager, kept, enrollment.student)
    with scope.elevated():
        enrollment.refresh_from_db()
    leave(dc, enrollment)
    undo_merge(by=manager, done=done)
    with scope.elevated():
        answers = Jurisdiction.objects.filter(student__in=[kept.pk, done.merged_id])
        assert set(answers.values_list("student", "last_day")) == {(kept.pk, SEP_4), (done.merged_id, SEP_4)}
