"""The days of one place: every day, business days, school days, counted by arithmetic and not by walking.

Each kind of day is a row of days numbered without a gap. `before(day)` tells how many of the kind lie before
a day, `at(rank)` which day has a number; from these two, counting forward and backward and between follow.
Days are ordinals inside (`date.toordinal`); nobody outside needs them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol

from organizations.rules.calendar import JULY, SATURDAY, SchoolYearDates, school_year_of


class Days(Protocol):
    """One kind of day."""

    def before(self, day: int) -> int: ...
    def at(self, rank: int) -> int | None: ...


class EveryDay:
    def before(self, day: int) -> int:
        return day

    def at(self, rank: int) -> int | None:
        return rank


class BusinessDays:
    """Monday to Friday without the closed days, also in summer (34 CFR 300.11(b))."""

    def __init__(self, closed: Iterable[date]) -> None:
        self._closed = sorted({day.toordinal() for day in closed if day.weekday() < SATURDAY})
        self._open_before = [_weekdays_before(day) - n for n, day in enumerate(self._closed)]

    def before(self, day: int) -> int:
        return _weekdays_before(day) - bisect_left(self._closed, day)

    def at(self, rank: int) -> int | None:
        weeks, rest = divmod(rank + bisect_right(self._open_before, rank), SATURDAY)
        return 7 * weeks + rest + 1


class SchoolDays:
    """The days on which children are taught (34 CFR 300.11(c)); they have an end."""

    def __init__(self, days: Iterable[date]) -> None:
        self._days = sorted({day.toordinal() for day in days})

    def before(self, day: int) -> int:
        return bisect_left(self._days, day)

    def at(self, rank: int) -> int | None:
        return self._days[rank] if 0 <= rank < len(self._days) else None


def nth_after(days: Days, start: date, n: int) -> date | None:
    """The n-th such day after `start`, which is day 0; n = 0 gives `start`. None past the last known day."""
    return start if n == 0 else _day(days.at(days.before(start.toordinal() + 1) + n - 1))


def nth_before(days: Days, start: date, n: int) -> date | None:
    return start if n == 0 else _day(days.at(days.before(start.toordinal()) - n))


def days_between(days: Days, after: date, until: date) -> int:
    """How many such days lie after `after`, up to and with `until`; 0 when `until` is not later."""
    return max(0, days.before(until.toordinal() + 1) - days.before(after.toordinal() + 1))


def add_business_days(start: date, n: int, closed_days: Iterable[date] = ()) -> date:
    """The n-th open day after `start`; the day after counts as the first. n = 0 gives `start` itself.

    Raises ValueError when n is negative.
    """
    if n < 0:
        raise ValueError("business days are counted forward")
    day = nth_after(BusinessDays(closed_days), start, n)
    assert day is not None  # business days have no end
    return day


def business_days_between(start: date, end: date, closed_days: Iterable[date] = ()) -> int:
    """How many open days lie after `start` up to and with `end`; 0 when `end` is not later."""
    return days_between(BusinessDays(closed_days), start, end)


@dataclass(frozen=True, eq=False)
class Term:
    """One year of a calendar: first and last school day, and the closed days with their reasons."""

    first_school_day: date
    last_school_day: date
    closed: Mapping[date, str] = field(default_factory=dict)

    @property
    def school_year(self) -> SchoolYearDates:
        return school_year_of(self.first_school_day)

    def weekdays(self) -> Iterator[date]:
        for n in range((self.last_school_day - self.first_school_day).days + 1):
            day = self.first_school_day + timedelta(days=n)
            if day.weekday() < SATURDAY:
                yield day


@dataclass(frozen=True, eq=False)
class PlaceCalendar:
    """All terms of a place. Make it once and count often: what it sorts, it sorts at the first question."""

    place: str
    terms: tuple[Term, ...]

    @cached_property
    def closed(self) -> dict[date, str]:
        return {day: reason for term in self.terms for day, reason in term.closed.items()}

    @cached_property
    def business_days(self) -> BusinessDays:
        return BusinessDays(self.closed)

    @cached_property
    def school_days(self) -> SchoolDays:
        return SchoolDays(day for term in self.terms for day in term.weekdays() if day not in self.closed)

    @cached_property
    def last_school_day(self) -> date | None:
        return max((term.last_school_day for term in self.terms), default=None)

    @cached_property
    def _years(self) -> frozenset[int]:
        return frozenset(term.school_year.first_day.year for term in self.terms)

    def in_school(self, day: date) -> bool:
        return any(term.first_school_day <= day <= term.last_school_day for term in self.terms)

    def first_unknown_year(self, first: date, last: date) -> SchoolYearDates | None:
        """The first school year from one day to another for which the place has no calendar."""
        for year in range(_begins(first), _begins(last) + 1):
            if year not in self._years:
                return school_year_of(date(year, JULY, 1))
        return None


def calendar_of(place: str, own: Iterable[Term], of_the_district: Iterable[Term] = ()) -> PlaceCalendar:
    """A site goes by its own calendar in the years for which it has one, else by its district's."""
    own = tuple(own)
    years = {term.school_year for term in own}
    return PlaceCalendar(place, own + tuple(t for t in of_the_district if t.school_year not in years))


def _begins(day: date) -> int:
    return day.year - (day.month < JULY)


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _weekdays_before(day: int) -> int:
    """From January 1 of the year 1, a Monday, whose ordinal is 1."""
    weeks, rest = divmod(day - 1, 7)
    return SATURDAY * weeks + min(rest, SATURDAY)
