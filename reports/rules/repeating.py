"""On which day a repeated report is made next."""

from calendar import monthrange
from datetime import date, timedelta


def next_day(every: str, first: date, after: date) -> date:
    """The first day after `after` on which a report that began on `first` is made.

    `every` is DAY, WEEK (the same day of the week) or MONTH (the same day of the month; its last one where
    the month is shorter). Days that were missed are not made up for.
    """
    if first > after:
        return first
    if every == "DAY":
        return after + timedelta(days=1)
    if every == "WEEK":
        return after + timedelta(days=7 - (after - first).days % 7)
    if every != "MONTH":
        raise ValueError(every)
    this_month = _in_month(after.year, after.month, first.day)
    return this_month if this_month > after else _in_month(*_next_month(after), first.day)


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _next_month(day: date) -> tuple[int, int]:
    return (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
