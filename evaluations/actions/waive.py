"""Parents and district agree that no reevaluation is needed: what the last evaluation found goes on."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from evaluations import access
from evaluations.actions.hold import hold, keep, refuse_before, refuse_future
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation, Exceptionality, Waiver
from evaluations.rules.codes import EvaluationType, Outcome
from evaluations.rules.waivers import why_not_waive
from organizations.rules.calendar import in_words
from security.models import User
from security.refusals import RuleBroken

NOTHING_STANDS = (
    "There is no locked evaluation of this student that found an exceptionality: nothing goes on."
)


@dataclass(frozen=True)
class Agreement:
    """Who signed for the parents and for the district, and when; `guidance` where the state asks for it."""

    parent_name: str
    parent_signed_on: date
    agency_name: str
    agency_signed_on: date
    data_are_adequate: bool
    guidance: str = ""

    @property
    def day(self) -> date:
        return max(self.parent_signed_on, self.agency_signed_on)


@transaction.atomic
def waive(*, by: User, evaluation: Evaluation, agreement: Agreement, seen: int | None = None) -> Evaluation:
    """The day of the waiver stands for the determination date; the exceptionalities are the last ones.

    Authority: 34 CFR 300.303(b)(2); LAC 28:CI.1101.C.1. Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    standing = last_found(evaluation)
    _check(evaluation, agreement, standing)
    begin(Deed.WAIVED, by=by)
    _keep_signatures(evaluation, agreement)
    evaluation.determination_date, evaluation.outcome = agreement.day, Outcome.ELIGIBLE
    keep(evaluation, "determination_date", "outcome")
    _carry_over(evaluation, standing)
    tell(Deed.WAIVED, in_words(agreement.day), evaluation, by=by)
    return evaluation


def last_found(evaluation: Evaluation) -> Evaluation | None:
    """The latest locked evaluation that found the student eligible."""
    earlier = evaluation.student.evaluations.locked().filter(outcome=Outcome.ELIGIBLE)
    return earlier.exclude(pk=evaluation.pk).order_by("-determination_date", "-pk").first()


def _check(evaluation: Evaluation, agreement: Agreement, standing: Evaluation | None) -> None:
    if evaluation.kind != EvaluationType.WAIVER:
        raise RuleBroken(
            f"Only a reevaluation is waived; this is an evaluation of type {evaluation.kind_name}."
        )
    if standing is None:
        raise RuleBroken(NOTHING_STANDS)
    for person, field in (("parent", "parent_signed_on"), ("district", "agency_signed_on")):
        day = getattr(agreement, field)
        refuse_future(day, f"signature of the {person}", field)
        refuse_before(day, standing.determination_date, f"signature of the {person}", "evaluation", field)
    for field in ("parent_name", "agency_name"):
        if not getattr(agreement, field).strip():
            raise RuleBroken("Write who signed.", field)
    codes = [each.code for each in standing.exceptionalities.all()]
    if sentence := why_not_waive(codes, agreement.data_are_adequate, agreement.guidance):
        raise RuleBroken(sentence, "guidance" if agreement.data_are_adequate else "data_are_adequate")


def _keep_signatures(evaluation: Evaluation, agreement: Agreement) -> None:
    signed = {
        "parent_name": agreement.parent_name.strip(),
        "parent_signed_on": agreement.parent_signed_on,
        "agency_name": agreement.agency_name.strip(),
        "agency_signed_on": agreement.agency_signed_on,
        "guidance": agreement.guidance.strip(),
    }
    Waiver.objects.update_or_create(evaluation=evaluation, defaults=signed)


def _carry_over(evaluation: Evaluation, standing: Evaluation) -> None:
    evaluation.exceptionalities.all().delete()
    Exceptionality.objects.bulk_create(
        Exceptionality(evaluation=evaluation, rank=each.rank, code=each.code, detail=each.detail)
        for each in standing.exceptionalities.all()
    )
