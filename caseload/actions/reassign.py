"""Many records go from one person to another, such as when somebody leaves."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from caseload.held import Held, held_by
from caseload.models import Deadline
from evaluations.actions import hand_over as hand_over_evaluation
from evaluations.models import Evaluation
from ieps.actions import hand_over as hand_over_iep
from journal.actions import record
from security.access import holds_anywhere, who_can
from security.actions.notices import tell
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission

NOTHING_CHOSEN = "Choose at least one student."


@dataclass(frozen=True)
class HandedOver:
    """What went over, and what stayed with the sentence why."""

    moved: list[Held]
    stayed: list[tuple[Held, str]]


def check_may_reassign(by: User) -> None:
    if not holds_anywhere(by, Permission.REASSIGN):
        raise NotAllowed(f"Only {who_can(Permission.REASSIGN)} can hand students over to somebody else.")


@transaction.atomic
def reassign(*, by: User, person: User, to: User, chosen: Collection[str]) -> HandedOver:
    """The chosen records (`Held.key`) of `person` go to `to`, each that may; the others stay.

    Raises NotAllowed, RuleBroken.
    """
    check_may_reassign(by)
    if person.pk == to.pk:
        raise RuleBroken(f"{to} has them already. Choose somebody else.", "to")
    wanted = [held for held in held_by(by, person) if held.key in chosen]
    if not wanted:
        raise RuleBroken(NOTHING_CHOSEN, "chosen")
    done = HandedOver([], [])
    for held in wanted:
        _hand_over(held, by, to, done)
    if done.moved:
        _tell(done.moved, by, person, to)
    return done


def _hand_over(held: Held, by: User, to: User, done: HandedOver) -> None:
    try:
        if isinstance(held.record, Evaluation):
            hand_over_evaluation(by=by, evaluation=held.record, to=to)
        else:
            hand_over_iep(by=by, iep=held.record, to=to)
    except (RuleBroken, NotAllowed) as refusal:
        done.stayed.append((held, str(refusal)))
        return
    done.moved.append(held)
    Deadline.objects.filter(record_kind=held.kind, record_id=held.record.pk).update(responsible=to)


def _tell(moved: list[Held], by: User, person: User, to: User) -> None:
    """A notice names nobody's child."""
    n = len(moved)
    records = "1 record" if n == 1 else f"{n} records"
    entry = record(
        "CASELOAD_HANDED_OVER", f"Handed {records} of {person} over to {to}", by=by,
        **{"from": person.pk, "to": to.pk, "records": [held.key for held in moved]},
    )  # fmt: skip
    words = f"{by} handed {records} of {person} over to you."
    tell([to], words, key=f"handed over: {entry.pk}", address="/caseload/deadlines/")
