"""The integrated report goes to the supervisor of special education."""

from datetime import date

from django.db import transaction

from evaluations import access
from evaluations.actions.hold import hold, keep, refuse_before, refuse_future
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation
from organizations.rules.calendar import in_words
from security.models import User
from security.refusals import RuleBroken

UNDECIDED = "There is no determination yet. Record it first: the report says what was decided."


@transaction.atomic
def give_out(*, by: User, evaluation: Evaluation, on: date, seen: int | None = None) -> Evaluation:
    """Where Louisiana's clock of the evaluation stops. Authority: LAC 28:XCVII.105.A.

    Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    if evaluation.determination_date is None:
        raise RuleBroken(UNDECIDED, "on")
    refuse_future(on, "report", "on")
    refuse_before(on, evaluation.determination_date, "report", "determination", "on")
    begin(Deed.GIVEN_OUT, by=by)
    evaluation.dissemination_date = on
    keep(evaluation, "dissemination_date")
    tell(Deed.GIVEN_OUT, in_words(on), evaluation, by=by)
    return evaluation
