"""How one stored deadline was counted, day by day, as a page shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from caseload.models import Deadline
from caseload.reading import facts_of
from caseload.rules.counted import BY_THE_EXIT_CODE, extensions_of
from caseload.rules.duties import duties_of
from evaluations.rules import clock
from evaluations.rules.account import CountedDay, account
from evaluations.rules.countings import Basis, Counting, counting_on
from organizations.calendars import calendars_of
from security import scope

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class DayCell:
    """`tone`: start, counts, not or due; a day outside of the count has no `tone`."""

    day: date
    tone: str = ""
    number: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Account:
    """`months` hold the weeks of a count in days; `steps` are told where it is not counted in days."""

    counting: Counting | None
    note: str = ""
    months: Sequence[tuple[date, Sequence[Sequence[DayCell]]]] = field(default=())
    steps: Sequence[CountedDay] = field(default=())


def account_of(row: Deadline) -> Account:
    """Counted again, by the rule and the calendar of now: the stored row is fresh when this is asked."""
    profile = row.student.state.profile
    counting = (
        None if row.rule == BY_THE_EXIT_CODE else counting_on(row.number, profile, row.starts_on, row.part)
    )
    if counting is None:
        return Account(None, steps=_stated(row))
    calendar = calendars_of([row.district_id]).get(row.district_id or 0)
    extensions = _extensions(row)
    due = clock.due(counting, row.starts_on, calendar, extensions=extensions)
    days = account(due, calendar, extensions=extensions)
    if due.day != row.due_on:
        return Account(counting, steps=_stated(row))
    in_days = (
        counting.basis is Basis.COUNTED and counting.unit in clock.PAUSED and len(days) > len(extensions) + 1
    )
    if in_days:
        return Account(counting, due.note, months=_months(days, row))
    return Account(counting, due.note, steps=days)


def _stated(row: Deadline) -> list[CountedDay]:
    steps = [CountedDay(row.starts_on, 0, "the day that it is counted from")]
    return steps + ([CountedDay(row.due_on, None, "the day that the record states")] if row.due_on else [])


def _extensions(row: Deadline) -> tuple[clock.Extension, ...]:
    """From the record, which an earlier district may not see any more; of it only the longer time is told."""
    if not row.extended:
        return ()
    with scope.elevated():
        duties = [duty for child in facts_of([row.student_id]) for duty in duties_of(child)]
    key = (row.number, row.part, row.record_kind, row.record_id)
    found = next(
        (one for one in duties if (one.number, one.part, one.record_kind, one.record_id) == key), None
    )
    return extensions_of(found.extended_to, found.extension_code) if found else ()


def _months(days: Sequence[CountedDay], row: Deadline) -> list[tuple[date, list[list[DayCell]]]]:
    """Whole weeks from Monday on, in the order of the calendar; each month begins with its first Monday."""
    told = {one.day: one for one in days}
    first, last = min(told), max(told)
    monday, weeks = first - timedelta(days=first.weekday()), []
    while monday <= last:
        week = [monday + timedelta(days=n) for n in range(7)]
        if any(day in told for day in week):
            weeks.append([_cell(day, told.get(day), row) for day in week])
        monday += WEEK
    by_month: Iterable = groupby(weeks, key=lambda week: week[0].day.replace(day=1))
    return [(month, list(group)) for month, group in by_month]


def _cell(day: date, told: CountedDay | None, row: Deadline) -> DayCell:
    if told is None:
        return DayCell(day)
    if day == row.due_on:
        return DayCell(day, "due", told.number, told.words or "due")
    if day == row.starts_on:
        return DayCell(day, "start", 0, told.words)
    return DayCell(day, "counts" if told.number is not None else "not", told.number, told.words)
