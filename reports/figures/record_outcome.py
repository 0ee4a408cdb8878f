"""Recording what a youth answered about the time after school."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from enrollment.models import SpecialEducationActivity
from journal.actions import record
from organizations.rules.calendar import school_year_of
from reports.figures.leavers import leavers_of
from reports.models import PostSchoolOutcome
from reports.rules.post_school import Leaver, Outcome
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission
from students.access import why_not_for
from ui.dates import in_words

DEED = "record what came after school"


def why_not_record(by: User, activity: SpecialEducationActivity) -> str | None:
    """A sentence for who has no role that reaches this youth; one at another school does not (ROL-11)."""
    return why_not_for(by, Permission.ENTER_EXIT, activity.district, activity.student, DEED)


@transaction.atomic
def record_outcome(
    *, by: User, activity: SpecialEducationActivity, outcome: Outcome, on: date
) -> PostSchoolOutcome:
    """Of the exit that ended this time in special education; a later answer replaces an earlier one.

    Authority: SPP/APR Indicator 14. Raises NotAllowed, RuleBroken.
    """
    if sentence := why_not_record(by, activity):
        raise NotAllowed(sentence)
    left_on = _asked(activity)
    if not left_on <= on <= timezone.localdate():
        raise RuleBroken(f"The answer came after {in_words(left_on)}, and not after today.", "on")
    found, _ = PostSchoolOutcome.objects.update_or_create(
        student_id=activity.student_id, district=activity.district, left_on=left_on,
        defaults={"outcome": outcome.name, "answered_on": on, "recorded_by_id": by.pk},
    )  # fmt: skip
    record(
        "POST_SCHOOL_OUTCOME", f"Recorded what came after the exit of {in_words(left_on)}", by=by,
        student_id=activity.student_id, district_id=activity.district_id,
    )  # fmt: skip
    return found


def _asked(activity: SpecialEducationActivity) -> date:
    """The day of the exit, where indicator 14 asks about it."""
    day, today = activity.last_day, timezone.localdate()
    if day is None or day > today or activity.district is None:
        raise RuleBroken("This student has not left: indicator 14 asks nothing yet.")
    (line,) = leavers_of(activity.district, school_year_of(day), today, [activity.student_id]) or [None]
    if line is None or line.left.day != day or line.stands is not Leaver.ASKED:
        why = line.stands.value if line and line.left.day == day else "there is a later exit"
        raise RuleBroken(f"Indicator 14 does not ask about this exit: {why}.")
    return day
