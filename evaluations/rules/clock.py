"""The due day of a deadline, by arithmetic: nothing here walks through days (`account` does, to show them).

Day 0 is the day of the starting event. A due day may be a weekend: no rule moves it. Where no day can be
given, a sentence says why.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evaluations.rules.countings import Basis, Counting, Direction, Unit
from organizations.rules.calendar import add_months, in_words, school_year_of
from organizations.rules.days import Days, EveryDay, PlaceCalendar, days_between, nth_after, nth_before

EVERY_DAY = EveryDay()
MONTHS_IN = {Unit.MONTHS: 1, Unit.YEARS: 12}
BY_CALENDAR = (Unit.BUSINESS_DAYS, Unit.SCHOOL_DAYS)
PAUSED = (Unit.CALENDAR_DAYS, *BY_CALENDAR)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pause:
    """Both days are paused; without a last day it goes on."""

    first_day: date
    last_day: date | None
    reason: str


@dataclass(frozen=True)
class Extension:
    """A new due day. Of an old record the day of asking may be unknown."""

    to: date
    reason: str
    asked_on: date | None = None
    approved: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """`day` is None where `why_not` says why. `counted_to` is the day before any extension.

    `note` is what a reader should know of a day that is given, such as a calendar that is not entered yet.
    """

    counting: Counting
    start: date
    day: date | None
    counted_to: date | None
    why_not: str = ""
    note: str = ""


def due(
    counting: Counting,
    start: date,
    calendar: PlaceCalendar | None = None,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Due:
    """When it is due, counted from the day of the starting event (for a birthday, that day itself)."""
    found = _counted(counting, start, calendar, pauses)
    counted_to, why_not = (None, found) if isinstance(found, str) else (found, "")
    applied = [*extended_by(counted_to, extensions)] if extensions else ()
    day = applied[-1].to if applied else counted_to
    if day is not None and counting.unit is Unit.BUSINESS_DAYS:
        return Due(counting, start, day, counted_to, "", _note(calendar, start, counted_to or start))
    return Due(counting, start, day, counted_to, "" if day else why_not)


def extended_by(day: date | None, extensions: Iterable[Extension]) -> Iterator[Extension]:
    """The approved extensions that were asked for in time, one after the other."""
    for extension in sorted(extensions, key=lambda one: (one.asked_on or date.min, one.to)):
        if extension.approved and why_not_extend(day, extension) is None:
            yield extension
            day = extension.to


def why_not_extend(day: date | None, extension: Extension, latest: date | None = None) -> str | None:
    """A sentence when this due day cannot be extended so; `latest` is the last day that a rule allows."""
    if day and extension.asked_on and extension.asked_on > day:
        return f"An extension is asked for by the due day, {in_words(day)}; this one is later."
    if day and extension.to <= day:
        return f"An extension ends after the due day, {in_words(day)}."
    if latest and extension.to > latest:
        return f"This extension may not go beyond {in_words(latest)}."
    return None


def why_not_pause(counting: Counting, pause: Pause) -> str | None:
    """A sentence when the pause is no pause of this deadline."""
    if pause.last_day and pause.last_day < pause.first_day:
        return "A pause ends on or after its first day."
    if not is_paused_by_days(counting):
        return f"Only days counted forward can be paused; {counting.name} is not counted so."
    return None


def is_paused_by_days(counting: Counting) -> bool:
    forward = counting.direction is Direction.AFTER and counting.basis is Basis.COUNTED
    return forward and counting.unit in PAUSED and counting.count != 0


def stretches(start: date, pauses: Iterable[Pause]) -> Iterator[tuple[date, date, Pause | None]]:
    """The time after `start` between pauses: the day before a stretch, its last day, the pause after it."""
    after = start
    for pause in sorted(pauses, key=lambda one: one.first_day):
        last_day = pause.last_day or date.max
        if last_day > max(after, pause.first_day - ONE_DAY):
            yield after, max(after, pause.first_day - ONE_DAY), pause
            after = last_day
    yield after, date.max, None


def days_of(unit: Unit, calendar: PlaceCalendar | None) -> Days:
    """The days of a unit that is counted in days. A unit of the place's calendar needs it."""
    if unit is Unit.CALENDAR_DAYS:
        return EVERY_DAY
    assert calendar is not None
    return calendar.business_days if unit is Unit.BUSINESS_DAYS else calendar.school_days


def _counted(
    counting: Counting, start: date, calendar: PlaceCalendar | None, pauses: Sequence[Pause]
) -> date | str:
    """The day, or the sentence why there is none."""
    match counting.basis:
        case Basis.COUNTED:
            return _by_unit(counting, start, calendar, pauses)
        case Basis.DAY_BEFORE:
            return start - ONE_DAY
        case Basis.FIXED_DATE:
            return _next(counting.fixed_date, start)
        case _:
            return counting.why_not or f"It runs as {counting.as_deadline} and is counted with it."


def _by_unit(
    counting: Counting, start: date, calendar: PlaceCalendar | None, pauses: Sequence[Pause]
) -> date | str:
    count, unit, back = counting.count, counting.unit, counting.direction is Direction.BEFORE
    assert count is not None
    assert unit is not None
    if unit is Unit.SCHOOL_YEARS:
        return school_year_of(add_months(start, 12 * count)).last_day
    if unit is Unit.MONTHS or unit is Unit.YEARS:
        return add_months(start, count * MONTHS_IN[unit] * (-1 if back else 1))
    if count == 0:
        return start
    if calendar is None and unit is not Unit.CALENDAR_DAYS:
        return f"The place has no calendar, and {unit} are counted by it."
    days = days_of(unit, calendar)
    day = nth_before(days, start, count) if back else _nth(days, start, count, pauses)
    if unit is Unit.SCHOOL_DAYS:
        return _known(day, counting, start, calendar)
    assert day is not None
    return day


def _nth(days: Days, start: date, n: int, pauses: Sequence[Pause]) -> date | str | None:
    if not pauses:
        return nth_after(days, start, n)
    for after, until, pause in stretches(start, pauses):
        day = nth_after(days, after, n)
        if day is None or day <= until:
            return day
        if pause and pause.last_day is None:
            return f"Paused since {in_words(pause.first_day)}: {pause.reason}."
        n -= days_between(days, after, until)
    return None


def _next(month_and_day: str, start: date) -> date:
    """The next such date, on `start` or after it."""
    this_year = date.fromisoformat(f"{start.year}-{month_and_day}")
    return this_year if this_year >= start else this_year.replace(year=start.year + 1)


def _known(
    day: date | str | None, counting: Counting, start: date, calendar: PlaceCalendar | None
) -> date | str:
    """School days have an end, and cannot be counted through a year whose calendar is missing."""
    assert calendar is not None
    if isinstance(day, str):
        return day
    if calendar.school_days.at(0) is None:
        return f"The calendar of {calendar.place} has no school days."
    if day is None:
        return f"The calendar of {calendar.place} does not reach {counting.length_in_words} far."
    missing = calendar.first_unknown_year(*sorted((start, day)))
    return f"{calendar.place} has no calendar of {missing.label}." if missing else day


def _note(calendar: PlaceCalendar | None, start: date, day: date) -> str:
    missing = calendar.first_unknown_year(*sorted((start, day))) if calendar else None
    return f"Without the closed days of {missing.label}: that calendar is not entered." if missing else ""
