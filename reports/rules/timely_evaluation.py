"""Indicator 11: how an initial evaluation stands to its time (34 CFR 300.301(c)(1), (d))."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reports.rules.indicators import Counts


class Timeliness(StrEnum):
    IN_TIME = "evaluated in time"
    LATE = "evaluated late"
    OVERDUE = "overdue"
    RUNNING = "within the time"
    EXCEPTED = "excepted by law"
    WITHDRAWN = "consent withdrawn"
    NO_DAY = "no due day"

    @property
    def counts(self) -> Counts:
        return COUNTS[self]


COUNTS = {
    Timeliness.IN_TIME: Counts.IN_TIME,
    Timeliness.LATE: Counts.NOT_IN_TIME,
    Timeliness.OVERDUE: Counts.NOT_IN_TIME,
    Timeliness.RUNNING: Counts.NOT_YET,
    Timeliness.EXCEPTED: Counts.LEFT_OUT,
    Timeliness.WITHDRAWN: Counts.LEFT_OUT,
    Timeliness.NO_DAY: Counts.NOT_YET,
}


@dataclass(frozen=True, kw_only=True)
class Timed:
    """`counted_to` is the due day before any extension, `due` the one with it; None where none is known.

    `excepted`: a reason of 34 CFR 300.301(d) is recorded.
    """

    counted_to: date | None
    due: date | None
    completed: date | None = None
    withdrawn: date | None = None
    excepted: bool = False


def timeliness(case: Timed, today: date) -> Timeliness:
    """In time by the first due day needs no exception; a withdrawal after the due day excuses nothing."""
    if case.completed and case.counted_to and case.completed <= case.counted_to:
        return Timeliness.IN_TIME
    if case.excepted:
        return Timeliness.EXCEPTED
    if case.withdrawn and not (case.due and case.withdrawn > case.due):
        return Timeliness.WITHDRAWN
    if case.due is None:
        return Timeliness.NO_DAY
    if case.completed:
        return Timeliness.LATE if case.completed > case.due else Timeliness.IN_TIME
    return Timeliness.OVERDUE if today > case.due else Timeliness.RUNNING


def days_late(case: Timed, today: date) -> int:
    """Calendar days beyond the due day, of who is not in time; 0 for all others."""
    if timeliness(case, today).counts is not Counts.NOT_IN_TIME or case.due is None:
        return 0
    return ((case.completed or case.withdrawn or today) - case.due).days
