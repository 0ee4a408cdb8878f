"""Why special education ended is recorded, or put right, after it has."""

from django.db import transaction
from django.utils import timezone

from enrollment.access import why_not_record_reason
from enrollment.actions.audit import audit_student
from enrollment.actions.special_education import reason_of
from enrollment.models import SpecialEducationActivity
from enrollment.rules.codes import SpedExit
from journal.actions import record
from organizations.models import District
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from students.access import NOBODY_ANSWERS, responsible_today
from ui.dates import in_words

GOES_ON = "Special education of this student goes on: it has no reason of an end yet."


@transaction.atomic
def record_exit_reason(
    *, by: User, activity: SpecialEducationActivity, reason: str
) -> SpecialEducationActivity:
    """`reason`: a code of rules/sped_exits.csv; the day stays. The same reason again changes nothing.

    Authority: EDFacts FS009, Basis of Exit. Raises NotAllowed, RuleBroken.
    """
    if sentence := why_not_record_reason(by, activity):
        raise NotAllowed(sentence)
    activity = SpecialEducationActivity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if activity.goes_on(timezone.localdate()):
        raise RuleBroken(GOES_ON)
    district = _district(activity)
    row, before = reason_of(district, reason, activity.last_day), activity.exit_reason
    if before == row.code:
        return activity
    activity.exit_reason = row.code
    activity.save(update_fields=["exit_reason"])
    audit_student(activity.student_id)
    _tell(activity, row, before, district, by)
    return activity


def _district(activity: SpecialEducationActivity) -> District:
    """The legacy system named none for some: then the one that answers today."""
    district = activity.district or responsible_today(activity.student)
    if district is None:
        raise RuleBroken(NOBODY_ANSWERS)
    return district


def _tell(
    activity: SpecialEducationActivity, row: SpedExit, before: str, district: District, by: User
) -> None:
    instead = f", instead of {before}" if before else ""
    record(
        "SPECIAL_EDUCATION_REASON",
        f"special education ended {in_words(activity.last_day)}: {row.name}{instead}",
        by=by, student_id=activity.student_id, district_id=district.pk, activity=activity.pk,
        code=row.code, before=before,
    )  # fmt: skip
