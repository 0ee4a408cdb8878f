"""Another person coordinates the evaluation from now on."""

from django.db import transaction

from evaluations import access
from evaluations.actions.hold import hold, keep
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def hand_over(*, by: User, evaluation: Evaluation, to: User, seen: int | None = None) -> Evaluation:
    """`to` becomes its evaluation coordinator. Authority: LAC 28:CI.501.A.2.

    Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_hand_over(by, evaluation)
    if sentence := access.why_not_coordinate(to, evaluation):
        raise RuleBroken(sentence, "to")
    begin(Deed.HANDED_OVER, by=by)
    evaluation.coordinator, evaluation.coordinator_staff_id = to, to.staff_id or ""
    keep(evaluation, "coordinator", "coordinator_staff_id")
    tell(Deed.HANDED_OVER, f"to {to}", evaluation, by=by)
    return evaluation
