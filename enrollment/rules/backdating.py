"""Backdating: the difference between the day it happened and the day it was recorded.

Authority: OSSE 2016, slides 6-8. The phantom period is half-open, [exit, recorded): A23.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from organizations.rules.calendar import is_open


@dataclass(frozen=True)
class PhantomPeriod:
    """The days on which the feed showed a student as active who had left. It cannot be un-sent (R10.02)."""

    first_day: date
    last_day: date

    @property
    def days(self) -> tuple[date, ...]:
        length = (self.last_day - self.first_day).days + 1
        return tuple(self.first_day + timedelta(days=n) for n in range(length))

    def school_days(self, closed_days: Collection[date] = ()) -> tuple[date, ...]:
        """Attendance is missing on these: they are listed, not counted as absences (R10.03)."""
        return tuple(day for day in self.days if is_open(day, closed_days))


def lag_days(effective: date, recorded: date) -> int:
    """Calendar days from the effective date to the day it was recorded; 0 when recorded in time (R10.01)."""
    return max(0, (recorded - effective).days)


def phantom_period(exit_day: date, recorded: date) -> PhantomPeriod | None:
    """None when the exit was recorded on its own day or before (R10.02)."""
    if recorded <= exit_day:
        return None
    return PhantomPeriod(exit_day, recorded - timedelta(days=1))
