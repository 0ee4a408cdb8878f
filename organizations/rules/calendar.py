"""Days, counted by the place's own calendar. Saturdays and Sundays are never open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

JULY = 7
SATURDAY = 5


@dataclass(frozen=True, order=True)
class SchoolYearDates:
    """July 1 to June 30."""

    first_day: date
    last_day: date

    @property
    def label(self) -> str:
        return f"{self.first_day.year}-{self.last_day.year % 100:02d}"


def school_year_of(day: date) -> SchoolYearDates:
    """The school year that a day lies in."""
    begins = day.year if day.month >= JULY else day.year - 1
    return SchoolYearDates(date(begins, JULY, 1), date(begins + 1, JULY - 1, 30))


def is_open(day: date, closed_days: Collection[date] = ()) -> bool:
    return day.weekday() < SATURDAY and day not in closed_days


def add_business_days(start: date, n: int, closed_days: Collection[date] = ()) -> date:
    """The n-th open day after `start`; the day after counts as the first. n = 0 gives `start` itself.

    Raises ValueError when n is negative.
    """
    if n < 0:
        raise ValueError("business days are counted forward")
    closed = {day for day in closed_days if day.weekday() < SATURDAY}
    day = start
    while n:
        reached = _add_weekdays(day, n)
        n = sum(day < other <= reached for other in closed)
        day = reached
    return day


def business_days_between(start: date, end: date, closed_days: Collection[date] = ()) -> int:
    """How many open days lie after `start` up to and with `end`; 0 when `end` is not later."""
    return sum(is_open(start + timedelta(days=n), closed_days) for n in range(1, (end - start).days + 1))


def in_words(day: date) -> str:
    """As pages show it: Sep 4, 2026."""
    return f"{day:%b} {day.day}, {day.year}"


def age_on(day: date, birth_date: date) -> int:
    """Full years. Someone born on February 29 has their birthday on March 1 in other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _add_weekdays(day: date, n: int) -> date:
    on_or_before = day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))
    weeks, rest = divmod(n, 5)
    weekend = 2 if on_or_before.weekday() + rest >= SATURDAY else 0
    return on_or_before + timedelta(weeks=weeks, days=rest + weekend)
