"""Special education ends while the child stays enrolled, as when the parents withdraw their consent.

An end may be announced: until its day the child is on the roster, and the day may change or fall away.
"""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from enrollment.access import check_may_end_special_education
from enrollment.actions.audit import audit_student, audit_students
from enrollment.facts import profile_of, special_education
from enrollment.models import Enrollment, SedsState, SpecialEducationActivity
from enrollment.rules.codes import SpedExit, sped_exit
from journal.actions import record
from organizations.models import District
from security import scope
from security.models import User
from security.refusals import RuleBroken
from students.models import Student
from ui.dates import in_words

NOT_IN_IT = "This student is not in special education: there is nothing to end."
NO_END_AHEAD = "No end of special education is announced: it goes on as it is."


@transaction.atomic
def end_special_education(*, by: User, student: Student, reason: str, on: date) -> SpecialEducationActivity:
    """The last day and why (a code of rules/sped_exits.csv); the enrollment goes on. Another day takes the
    place of one that has not come.

    Authority: 34 CFR 300.300(b)(4); eSER help: Special Ed Activity. Raises NotAllowed, RuleBroken.
    """
    district = check_may_end_special_education(by, student)
    row = reason_of(district, reason, on)
    activity = _going_on(student)
    if on < activity.first_day:
        began = in_words(activity.first_day)
        raise RuleBroken(f"Special education began on {began}; it ends on that day or later.", "on")
    activity.last_day, activity.exit_reason = on, row.code
    activity.save(update_fields=["last_day", "exit_reason"])
    if on <= timezone.localdate():
        _leave_roster(Enrollment.objects.filter(student=student))
    audit_student(student.pk)
    _tell(activity, f"special education ends {in_words(on)}: {row.name}", row.code, district, by)
    return activity


@transaction.atomic
def go_on_with_special_education(*, by: User, student: Student) -> SpecialEducationActivity:
    """An announced end falls away before its day. Raises NotAllowed, RuleBroken."""
    district = check_may_end_special_education(by, student)
    activity = _going_on(student)
    if activity.last_day is None:
        raise RuleBroken(NO_END_AHEAD)
    words = f"special education does not end {in_words(activity.last_day)}: it goes on"
    activity.last_day, activity.exit_reason = None, ""
    activity.save(update_fields=["last_day", "exit_reason"])
    audit_student(student.pk)
    _tell(activity, words, "", district, by)
    return activity


def leave_rosters() -> int:
    """Every night: the enrollments of children whose announced end has come. Returns how many there were."""
    today = timezone.localdate()
    of_child = SpecialEducationActivity.objects.filter(student_id=OuterRef("student_id"))
    ended = of_child.filter(last_day__lte=today).exclude(exit_reason="")
    with scope.system():
        children = _leave_roster(
            Enrollment.objects.filter(Exists(ended)).exclude(Exists(of_child.going_on(today)))
        )
        audit_students(children)
    return len(children)


def end_with_the_exit(student: Student, on: date) -> None:
    """The exit says why; it comes before an end that was announced for later."""
    special_education(student, on).update(last_day=on, exit_reason="")


def _going_on(student: Student) -> SpecialEducationActivity:
    rows = special_education(student, timezone.localdate())
    activity = rows.select_for_update(of=("self",)).first()
    if activity is None:
        raise RuleBroken(NOT_IN_IT)
    return activity


def reason_of(district: District, reason: str, on: date) -> SpedExit:
    """The row of a code of rules/sped_exits.csv that is in force on the day; RuleBroken for any other."""
    row = sped_exit(profile_of(district), reason, on)
    if row is None:
        raise RuleBroken(
            f"“{reason[:12]}” is no reason of {district.state} to end special education.", "reason"
        )
    return row


def _leave_roster(rows: QuerySet[Enrollment]) -> set[int]:
    """Of enrollments that go on; those that ended keep what their exit said. Returns whose they are."""
    children = set()
    on_it = rows.filter(last_day=None, seds_state=SedsState.ACTIVE).select_for_update(of=("self",))
    for enrollment in on_it:
        enrollment.seds_state = SedsState.NOT_ON
        enrollment.version += 1
        enrollment.save(update_fields=["seds_state", "version", "modified_at"])
        children.add(enrollment.student_id)
    return children


def _tell(activity: SpecialEducationActivity, words: str, code: str, district: District, by: User) -> None:
    record(
        "SPECIAL_EDUCATION_ENDED" if code else "SPECIAL_EDUCATION_GOES_ON", words,
        by=by, student_id=activity.student_id, district_id=district.pk, activity=activity.pk, code=code,
    )  # fmt: skip
