"""The figures of the last weeks, as the effective dates of the made-up records give them."""

from datetime import date, timedelta

from caseload.actions.dirty import count_marked
from reports.figures.day_counts import count_the_day

WEEKS = 12


def count(today: date) -> None:
    """Deadlines stand in every week as they stand today."""
    count_marked()
    sunday = today - timedelta(days=today.isoweekday() % 7)
    days = {today, *(sunday - timedelta(weeks=week) for week in range(WEEKS))}
    for day in sorted(days):
        count_the_day(day)
