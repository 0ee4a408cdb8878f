"""Reviews of access: when the next is due, how a line stands, when a review may be closed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from organizations.rules.calendar import add_months

DAYS_TO_CLOSE = 30


class Decision(StrEnum):
    KEEP = "KEEP"
    REMOVE = "REMOVE"


class Part(StrEnum):
    """In which part somebody decides."""

    SUPERVISOR = "supervisor"
    COORDINATOR = "coordinator"


class Standing(StrEnum):
    """How a line stands. Settled are KEPT, REMOVED and GONE."""

    UNDECIDED = "UNDECIDED"
    WAITS_SUPERVISOR = "WAITS_SUPERVISOR"
    WAITS_COORDINATOR = "WAITS_COORDINATOR"
    TO_CONFIRM = "TO_CONFIRM"
    KEPT = "KEPT"
    REMOVED = "REMOVED"
    GONE = "GONE"


SETTLED = frozenset({Standing.KEPT, Standing.REMOVED, Standing.GONE})


@dataclass(frozen=True)
class LineFacts:
    """The two decisions (empty: none) and whether the role has ended, by the review or otherwise."""

    by_supervisor: str
    by_coordinator: str
    gone: bool


def standing_of(line: LineFacts) -> Standing:
    """Remove wins, the coordinator confirms; keeping takes both; what ended needs nobody (SEC-33, SEC-34)."""
    if line.gone:
        return Standing.REMOVED if line.by_coordinator == Decision.REMOVE else Standing.GONE
    if Decision.REMOVE in (line.by_supervisor, line.by_coordinator):
        return Standing.TO_CONFIRM
    if line.by_supervisor and line.by_coordinator:
        return Standing.KEPT
    if line.by_supervisor:
        return Standing.WAITS_COORDINATOR
    return Standing.WAITS_SUPERVISOR if line.by_coordinator else Standing.UNDECIDED


def next_due(last: date | None, first_role: date | None, months: int) -> date | None:
    """The months after the last review, or after the first role there; None where nobody has any (SEC-32)."""
    begin = last or first_role
    return add_months(begin, months) if begin else None


def why_not_close(standings: Collection[Standing], trained: bool) -> str | None:
    """A sentence when the review cannot be closed (SEC-03, SEC-34)."""
    open_lines = sum(standing not in SETTLED for standing in standings)
    if open_lines:
        lines = "1 line is" if open_lines == 1 else f"{open_lines} lines are"
        return f"{lines} not decided by both yet. Decide every line, then close the review."
    if not trained:
        return "No local training is recorded for this school year. Record it, then close the review."
    return None
