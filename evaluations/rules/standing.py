"""How a deadline stands today: OPEN, MET, LATE or EXCUSED."""

from datetime import date
from enum import StrEnum

from evaluations.rules.clock import Due
from evaluations.rules.countings import Bound
from organizations.rules.calendar import in_words


class Standing(StrEnum):
    OPEN = "OPEN"
    MET = "MET"
    LATE = "LATE"
    EXCUSED = "EXCUSED"


def standing(due_day: date | None, met_on: date | None, today: date, excuse: str = "") -> Standing:
    """Met in time needs no excuse; an excuse ends the duty, also before its day; the due day is in time.

    Without a due day nothing is late.
    """
    if met_on and (due_day is None or met_on <= due_day):
        return Standing.MET
    if excuse:
        return Standing.EXCUSED
    late = due_day is not None and (met_on or today) > due_day
    return Standing.LATE if late else Standing.OPEN


def days_late(due_day: date | None, met_on: date | None, today: date) -> int:
    """In calendar days, as the federal reports ask; 0 when in time."""
    return max(0, ((met_on or today) - due_day).days) if due_day else 0


def why_not_yet(due: Due, on: date, agreed: bool = False) -> str | None:
    """A sentence when something comes before its first day and nobody agreed to that, such as D10."""
    early = due.counting.bound is Bound.NOT_BEFORE and due.day is not None and on < due.day
    if not early or agreed:
        return None
    assert due.day is not None
    return f"{due.counting.name}: not before {in_words(due.day)}, unless that is agreed and recorded."


def is_excepted(due: Due, on: date) -> bool:
    """Whether the starting event came too late for the duty, such as a late referral to Part C (D12)."""
    return due.counting.bound is Bound.ONLY_UNTIL and due.day is not None and on > due.day
