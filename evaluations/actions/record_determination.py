"""What the team decided: the outcome, the exceptionalities, and why it took longer if it did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from evaluations import access
from evaluations.actions.hold import hold, keep, refuse_when_withdrawn
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation, Exceptionality
from evaluations.rules.codes import delay_reasons_wi, exceptionalities, outcome, outcomes
from evaluations.rules.locking import contradictions
from organizations.rules.calendar import in_words
from rulebook.tables import in_force
from security.models import User
from security.refusals import RuleBroken

FIELDS = {
    "EDFI-R46": "on",
    "34 CFR 300.306(a)": "on",
    "DQ-033": "primary",
    "DQ-035": "primary",
    "EDFI-R49": "late_reason",
    "EDFI-R50": "late_reason",
}


@dataclass(frozen=True)
class Determination:
    """Codes of evaluation_outcomes, exceptionalities and delay_reasons_wi; "" where nothing was chosen."""

    on: date
    outcome: str
    primary: str = ""
    others: Sequence[str] = ()
    delay_reason: str = ""
    late_reason: str = ""
    summary: str = ""


@transaction.atomic
def record_determination(
    *, by: User, evaluation: Evaluation, found: Determination, seen: int | None = None
) -> Evaluation:
    """The team's decision is written down; it may be corrected until it is locked.

    Authority: 34 CFR 300.306; EDFI-R43 to R50. Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    refuse_when_withdrawn(evaluation)
    _check_codes(found)
    _check_together(evaluation, found)
    _check_given_out(evaluation, found.on)
    begin(Deed.DETERMINED, by=by)
    evaluation.determination_date = found.on
    evaluation.outcome = found.outcome
    evaluation.delay_reason = found.delay_reason
    evaluation.late_reason = found.late_reason.strip()
    evaluation.summary = found.summary.strip()
    keep(evaluation, "determination_date", "outcome", "delay_reason", "late_reason", "summary")
    _replace_exceptionalities(evaluation, found)
    tell(Deed.DETERMINED, f"{outcome(found.outcome).name}, {in_words(found.on)}", evaluation, by=by)
    return evaluation


def _check_codes(found: Determination) -> None:
    offered = (
        ("outcome", [found.outcome], outcomes()),
        ("primary", [found.primary] if found.primary else [], exceptionalities()),
        ("others", found.others, exceptionalities()),
        ("delay_reason", [found.delay_reason] if found.delay_reason else [], delay_reasons_wi()),
    )
    for field, chosen, rows in offered:
        known = {row.code for row in in_force(rows, found.on)}
        if unknown := [code for code in chosen if code not in known]:
            raise RuleBroken(f"The code {', '.join(unknown) or '(empty)'} is not in the table.", field)


def _check_together(evaluation: Evaluation, found: Determination) -> None:
    """Two initial evaluations of one day are refused when the second is locked (EDFI-R15), not before."""
    facts = replace(
        evaluation.facts(),
        determined_on=found.on,
        outcome=found.outcome,
        primary=(found.primary,) if found.primary else (),
        others=tuple(found.others),
        delay_reason=found.delay_reason,
        late_reason=found.late_reason.strip(),
        other_initial_determinations=(),
        parts_missing=(),
    )
    for contradiction in contradictions(facts, timezone.localdate()):
        raise RuleBroken(contradiction.sentence, FIELDS.get(contradiction.rule))


def _check_given_out(evaluation: Evaluation, on: date) -> None:
    if (given := evaluation.dissemination_date) and on > given:
        raise RuleBroken(f"The report was given out on {in_words(given)}, before this determination.", "on")


def _replace_exceptionalities(evaluation: Evaluation, found: Determination) -> None:
    """Only what differs is written, so that the history shows what was changed."""
    wanted = dict(enumerate([found.primary, *found.others] if found.primary else found.others, start=1))
    if not found.primary:
        wanted = {rank + 1: code for rank, code in wanted.items()}
    there = {each.rank: each for each in evaluation.exceptionalities.all()}
    for rank, each in there.items():
        if wanted.get(rank) != each.code:
            each.delete()
    Exceptionality.objects.bulk_create(
        Exceptionality(evaluation=evaluation, rank=rank, code=code)
        for rank, code in wanted.items()
        if rank not in there or there[rank].code != code
    )
