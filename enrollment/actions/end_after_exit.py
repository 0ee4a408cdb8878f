"""Special education ends with an exit from school whose code does not say by itself that it does."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from enrollment.access import check_may_exit
from enrollment.actions import jurisdictions
from enrollment.actions.duties import close_duties
from enrollment.actions.rows import locked
from enrollment.actions.special_education import NOT_IN_IT, end_special_education
from enrollment.facts import has_special_education, profile_of
from enrollment.models import DutyKind, Enrollment, SedsState, SpecialEducationActivity
from enrollment.rules.checks import arrives_elsewhere
from enrollment.rules.codes import CONSENT_REVOKED, EnrollmentRoster, exit_code
from security import scope
from security.models import User
from security.refusals import RuleBroken
from ui.dates import in_words

BY_ITS_CODE = "The exit code decides what becomes of special education: follow the steps of the exit."
BY_CONSENT = "Parents who withdraw their consent do so in writing: record it with the notices of the student."


def why_not_end_after_exit(enrollment: Enrollment) -> str | None:
    """A sentence, or None where the child has left for good and the state does not say what follows."""
    if enrollment.last_day is None or enrollment.last_day > timezone.localdate():
        return "The student has not left."
    row = exit_code(profile_of(enrollment.district), enrollment.exit_code)
    if row is None or row.leaves_enrollment_roster != EnrollmentRoster.NOT_STATED:
        return BY_ITS_CODE
    if arrives_elsewhere(row):
        return f"With {row.code} the student goes on at another school, and special education with it."
    if not has_special_education(enrollment.student, enrollment.last_day):
        return NOT_IN_IT
    return _why_not_the_last(enrollment)


@transaction.atomic
def end_after_exit(*, by: User, enrollment: Enrollment, reason: str, on: date) -> SpecialEducationActivity:
    """`reason`: a code of rules/sped_exits.csv; responsibility ends with special education.

    Authority: EDFacts FS009, Basis of Exit. Raises NotAllowed, RuleBroken.
    """
    check_may_exit(by, enrollment)
    enrollment = locked(enrollment)
    if sentence := why_not_end_after_exit(enrollment):
        raise RuleBroken(sentence)
    if reason == CONSENT_REVOKED:
        raise RuleBroken(BY_CONSENT, "reason")
    if not enrollment.last_day <= on <= timezone.localdate():
        left = in_words(enrollment.last_day)
        raise RuleBroken(
            f"The student left on {left}: give that day or a later one, and not after today.", "on"
        )
    ended = end_special_education(by=by, student=enrollment.student, reason=reason, on=on)
    _leave(enrollment, on, by)
    return ended


def _why_not_the_last(enrollment: Enrollment) -> str | None:
    """Looked at beyond the reader's reach: the child may be enrolled elsewhere."""
    goes_on = Q(last_day=None) | Q(last_day__gt=enrollment.last_day)
    with scope.elevated():
        later = Enrollment.objects.filter(goes_on, student=enrollment.student_id).exclude(pk=enrollment.pk)
        return "There is a later enrollment: the student has not left school." if later.exists() else None


def _leave(enrollment: Enrollment, on: date, by: User) -> None:
    enrollment.seds_state = SedsState.NOT_ON
    enrollment.version += 1
    enrollment.save(update_fields=["seds_state", "version", "modified_at"])
    jurisdictions.follow(enrollment, stays_responsible=False, by=by, until=on)
    close_duties(
        enrollment.duties.all(), "special education ended", by=by, kinds=[DutyKind.SPECIAL_EDUCATION]
    )
