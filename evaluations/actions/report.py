"""The integrated report goes to the supervisor of special education, and a copy of it to the parents."""

from datetime import date

from django.db import transaction

from evaluations import access
from evaluations.actions.hold import hold, keep, refuse_before, refuse_future
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation, ReportCopy
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


@transaction.atomic
def give_copy(*, by: User, evaluation: Evaluation, on: date, to: str) -> ReportCopy:
    """A copy, and the oral explanation offered with it; also of a locked report. Sent again it is the same.

    Authority: LAC 28:CI.505.A.9, 515.B.2. Raises NotAllowed, RuleBroken.
    """
    evaluation = hold(evaluation, None)
    district = access.check_may_give_copy(by, evaluation)
    if evaluation.determination_date is None:
        raise RuleBroken(UNDECIDED, "on")
    refuse_future(on, "copy", "on")
    refuse_before(on, evaluation.determination_date, "copy", "determination", "on")
    if not to.strip():
        raise RuleBroken("Say who received it.", "to")
    copy, new = ReportCopy.objects.get_or_create(
        evaluation=evaluation, on=on, to=to.strip(), defaults={"district": district, "by_id": by.pk}
    )
    if new:
        tell(Deed.COPY_GIVEN, in_words(on), evaluation, by=by, district_id=district.pk)
    return copy
