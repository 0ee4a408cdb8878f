"""An evaluation that should not be there is taken away; its history and the journal stay."""

from django.db import transaction
from django.db.models import ProtectedError

from evaluations import access
from evaluations.actions.hold import hold
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def discard(*, by: User, evaluation: Evaluation, reason: str, seen: int | None = None) -> None:
    """Only an unlocked one, with a reason, and not when an IEP stands on it.

    Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    reason = reason.strip()
    if not reason:
        raise RuleBroken("Say why it is discarded: the reason is kept in the journal.", "reason")
    begin(Deed.DISCARDED, by=by, reason=reason)
    tell(Deed.DISCARDED, evaluation.kind_name, evaluation, by=by, reason=reason)
    try:
        evaluation.delete()
    except ProtectedError:
        raise RuleBroken("An IEP stands on this evaluation, so it is kept.") from None
