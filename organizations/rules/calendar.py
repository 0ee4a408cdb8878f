"""Days, counted by the place's own calendar. Saturdays and Sundays are never open."""

from calendar import monthrange
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


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last: Feb 29 becomes Feb 28 in other years."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def in_words(day: date) -> str:
    """As pages show it: Sep 4, 2026."""
    return f"{day:%b} {day.day}, {day.year}"


def age_on(day: date, birth_date: date) -> int:
    """Full years. Someone born on February 29 has their birthday on March 1 in other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def birthday(birth_date: date, age: int) -> date:
    """The day from which `age_on` gives that age."""
    leap = (birth_date.month, birth_date.day) == (2, 29)
    years_later = add_months(birth_date, 12 * age)
    return years_later + timedelta(days=1) if leap and years_later.day < birth_date.day else years_later
