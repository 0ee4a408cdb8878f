"""Lock and unlock: what is locked is what the state receives, and the database lets nobody change it."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluations import access
from evaluations.actions.hold import come_along, hold, keep
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation, LockedReport
from evaluations.models.locked_report import hash_of
from evaluations.report import lines_of
from organizations.rules.calendar import in_words
from security.models import User
from security.refusals import RuleBroken

SAME_DAY = "Another initial evaluation of this student was determined on {day} and is locked."


@transaction.atomic
def lock(*, by: User, evaluation: Evaluation, seen: int | None = None) -> Evaluation:
    """The report is final; each lock is a new version. Authority: EDFI-R15, R43 to R50.

    Raises NotAllowed, RuleBroken (what is missing or contradicts), Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_lock(by, evaluation)
    begin(Deed.LOCKED, by=by)
    evaluation.locked = True
    evaluation.locked_at = timezone.now()
    evaluation.locked_by = by
    evaluation.lock_version += 1
    _keep_locked(evaluation)
    _keep_report(evaluation, by)
    tell(Deed.LOCKED, f"{evaluation.kind_name}, version {evaluation.lock_version}", evaluation, by=by)
    return evaluation


def _keep_locked(evaluation: Evaluation) -> None:
    """The constraint of the database decides when two are locked in the same moment (EDFI-R15)."""
    try:
        with transaction.atomic():
            keep(evaluation, "locked", "locked_at", "locked_by", "lock_version")
    except IntegrityError as error:
        if "one_locked_initial_per_determination_date" not in str(error):
            raise
        raise RuleBroken(SAME_DAY.format(day=in_words(evaluation.determination_date))) from None


def _keep_report(evaluation: Evaluation, by: User) -> None:
    """The report belongs to the district that locks it: one that answered before does not read it."""
    lines = lines_of(evaluation)
    LockedReport.objects.create(
        student_id=evaluation.student_id, district=access.place_of(evaluation), evaluation_id=evaluation.pk,
        number=evaluation.lock_version, lines=lines, sha256=hash_of(evaluation.lock_version, lines),
        locked_at=evaluation.locked_at, locked_by_id=by.pk,
    )  # fmt: skip


@transaction.atomic
def unlock(*, by: User, evaluation: Evaluation, reason: str, seen: int | None = None) -> Evaluation:
    """The report may be corrected again; why is kept in its history. The state's record is taken back.

    Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_unlock(by, evaluation)
    reason = reason.strip()
    if not reason:
        raise RuleBroken("Say why it is unlocked: the reason is kept in the history.", "reason")
    begin(Deed.UNLOCKED, by=by, reason=reason)
    evaluation.locked, evaluation.locked_at, evaluation.locked_by = False, None, None
    keep(evaluation, "locked", "locked_at", "locked_by")
    come_along(evaluation)
    tell(Deed.UNLOCKED, f"was version {evaluation.lock_version}", evaluation, by=by, reason=reason)
    return evaluation
