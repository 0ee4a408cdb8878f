"""Special education ends while the child stays enrolled, as when the parents withdraw their consent."""

from datetime import date

from django.db import transaction

from enrollment.access import check_may_end_special_education
from enrollment.actions.audit import audit_student
from enrollment.facts import profile_of
from enrollment.models import Enrollment, SedsState, SpecialEducationActivity
from enrollment.rules.codes import SpedExit, sped_exit
from journal.actions import record
from organizations.models import District
from security.models import User
from security.refusals import RuleBroken
from students.models import Student
from ui.dates import in_words

NOT_IN_IT = "This student is not in special education: there is nothing to end."


@transaction.atomic
def end_special_education(*, by: User, student: Student, reason: str, on: date) -> SpecialEducationActivity:
    """The last day and why (a code of rules/sped_exits.csv); the enrollment goes on.

    Authority: 34 CFR 300.300(b)(4); eSER help: Special Ed Activity. Raises NotAllowed, RuleBroken.
    """
    district = check_may_end_special_education(by, student)
    row = _exit(district, reason, on)
    activity = student.activities.filter(last_day=None).select_for_update(of=("self",)).first()
    if activity is None:
        raise RuleBroken(NOT_IN_IT)
    if on < activity.first_day:
        began = in_words(activity.first_day)
        raise RuleBroken(f"Special education began on {began}; it ends on that day or later.", "on")
    activity.last_day, activity.exit_reason = on, row.code
    activity.save(update_fields=["last_day", "exit_reason"])
    _leave_roster(student)
    audit_student(student.pk)
    _tell(activity, row, district, by)
    return activity


def _exit(district: District, reason: str, on: date) -> SpedExit:
    row = sped_exit(profile_of(district), reason, on)
    if row is None:
        raise RuleBroken(
            f"“{reason[:12]}” is no reason of {district.state} to end special education.", "reason"
        )
    return row


def _leave_roster(student: Student) -> None:
    """Of enrollments that go on; those that ended keep what their exit said."""
    for enrollment in Enrollment.objects.open().filter(student=student, seds_state=SedsState.ACTIVE):
        enrollment.seds_state = SedsState.NOT_ON
        enrollment.version += 1
        enrollment.save(update_fields=["seds_state", "version", "modified_at"])


def _tell(activity: SpecialEducationActivity, row: SpedExit, district: District, by: User) -> None:
    record(
        "SPECIAL_EDUCATION_ENDED",
        f"special education ends {in_words(activity.last_day)}: {row.name}",
        by=by, student_id=activity.student_id, district_id=district.pk, activity=activity.pk, code=row.code,
    )  # fmt: skip
