"""What a calendar of one school year may say."""

from collections.abc import Collection
from datetime import date, timedelta

from organizations.rules.calendar import SATURDAY, in_words, is_open, school_year_of

NO_SCHOOL_DAY = "This would leave no school day, and what is counted in school days would have no end."


def why_not_term(
    first: date, last: date, year_first: date, year_last: date, closed: Collection[date] = ()
) -> str | None:
    """A sentence when these are no first and last school day of that school year."""
    if last <= first:
        return f"A calendar has school days: the last one comes after the first, {in_words(first)}."
    if not (year_first <= first and last <= year_last):
        return f"This school year runs from {in_words(year_first)} to {in_words(year_last)}."
    return None if has_school_day(first, last, closed) else NO_SCHOOL_DAY


def why_not_close(day: date, first: date, last: date, closed: Collection[date]) -> str | None:
    """A sentence when the day cannot be closed; the last school day of all is never closed away."""
    if day in closed:
        return f"{in_words(day)} is closed already."
    if day.weekday() >= SATURDAY:
        return f"{in_words(day)} is a {day:%A}: weekends are never counted as open."
    year = school_year_of(first)
    if not year.first_day <= day <= year.last_day:
        return f"{in_words(day)} is not in the school year {year.label}: close it in its own calendar."
    if not has_school_day(first, last, {*closed, day}):
        return NO_SCHOOL_DAY
    return None


def has_school_day(first: date, last: date, closed: Collection[date]) -> bool:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return any(is_open(day, closed) for day in days)
