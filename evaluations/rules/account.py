"""How a due day was counted, day by day: each day its number, or why it did not count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from evaluations.rules.clock import (
    BY_CALENDAR,
    MONTHS_IN,
    ONE_DAY,
    PAUSED,
    Due,
    Extension,
    Pause,
    extended_by,
    is_paused_by_days,
)
from evaluations.rules.countings import Basis, Counting, Direction, Unit
from organizations.rules.calendar import SATURDAY, add_months
from organizations.rules.days import PlaceCalendar


@dataclass(frozen=True, slots=True)
class CountedDay:
    """`number` is None for a day that did not count; day 0 is the day of the event."""

    day: date
    number: int | None
    words: str = ""


def account(
    due: Due,
    calendar: PlaceCalendar | None = None,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> tuple[CountedDay, ...]:
    """The days in the order of counting, from day 0 to the due day; asked as `clock.due` was.

    Where there is no due day, the account goes as far as the counting could.
    """
    return (
        CountedDay(due.start, 0, due.counting.starts_with),
        *_counted(due, calendar, pauses if is_paused_by_days(due.counting) else ()),
        *(
            CountedDay(one.to, None, f"extended: {one.reason}")
            for one in extended_by(due.counted_to, extensions)
        ),
    )


def why_it_does_not_count(
    day: date, unit: Unit, calendar: PlaceCalendar | None, pauses: Sequence[Pause]
) -> str | None:
    """Such as “weekend” or “closed: Mardi Gras”; None for a day that counts."""
    if unit in BY_CALENDAR and calendar:
        if day.weekday() >= SATURDAY:
            return "weekend"
        if unit is Unit.SCHOOL_DAYS and not calendar.in_school(day):
            return "outside the school year"
        if day in calendar.closed:
            return f"closed: {calendar.closed[day]}"
    return next((f"paused: {one.reason}" for one in pauses if _holds(one, day)), None)


def _counted(due: Due, calendar: PlaceCalendar | None, pauses: Sequence[Pause]) -> Iterator[CountedDay]:
    counting = due.counting
    if counting.basis is Basis.COUNTED and counting.unit in MONTHS_IN:
        yield from _months(counting, due.start)
    elif counting.basis is Basis.COUNTED and counting.unit in PAUSED:
        yield from _days(due, counting.unit, calendar, pauses)
    elif due.counted_to:
        yield CountedDay(due.counted_to, 1, _other_day(counting))


def _days(
    due: Due, unit: Unit, calendar: PlaceCalendar | None, pauses: Sequence[Pause]
) -> Iterator[CountedDay]:
    step = -ONE_DAY if due.counting.direction is Direction.BEFORE else ONE_DAY
    day, last, number = due.start, _last(due, calendar, pauses), 0
    while day != last:
        day += step
        why = why_it_does_not_count(day, unit, calendar, pauses)
        number += why is None
        yield CountedDay(day, None if why else number, why or "")


def _last(due: Due, calendar: PlaceCalendar | None, pauses: Sequence[Pause]) -> date:
    """The due day; where there is none, the day on which counting came to its end."""
    if due.counted_to:
        return due.counted_to
    if due.counting.direction is Direction.BEFORE:
        return due.start
    ends = [one.first_day for one in pauses if one.last_day is None]
    ends += [calendar.last_school_day] if calendar and calendar.last_school_day else []
    return max(due.start, min(ends, default=due.start))


def _months(counting: Counting, start: date) -> Iterator[CountedDay]:
    """Each month or year by itself: counted from the first day, not from the one before it."""
    assert counting.unit is not None
    assert counting.count is not None
    back = counting.direction is Direction.BEFORE
    step = MONTHS_IN[counting.unit] * (-1 if back else 1)
    for number in range(1, counting.count + 1):
        words = f"{counting.unit.of(number)} {'earlier' if back else 'later'}"
        yield CountedDay(add_months(start, step * number), number, words)


def _other_day(counting: Counting) -> str:
    match counting.basis:
        case Basis.DAY_BEFORE:
            return "the day before"
        case Basis.FIXED_DATE:
            return "the next such date"
        case _:
            return "the last day of the school year"


def _holds(pause: Pause, day: date) -> bool:
    return pause.first_day <= day and (pause.last_day is None or day <= pause.last_day)
