"""The health of a connection over the weeks: what stood in the way, and what was cleared."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from edfi.desk import every_trouble_of, records_that
from edfi.models import Connection, Needs, Resync
from edfi.resyncs import right
from security.models import User

WEEKS = 8


@dataclass(frozen=True)
class Week:
    """Ends with `last_day`. `person` and `waiting` stood in the way then; `cleared` were, during the week.

    `right` were as they should be at the last comparison of the week; None where there was none.
    """

    last_day: date
    person: int
    waiting: int
    cleared: int
    right: int | None


def by_week(user: User, connection: Connection) -> list[Week]:
    """The last eight weeks, each ending on the weekday of today, within the person's scope; two queries."""
    ends = [timezone.now() - timedelta(weeks=WEEKS - 1 - number) for number in range(WEEKS)]
    since = ends[0] - timedelta(weeks=1)
    rows = every_trouble_of(user, connection).filter(Q(resolved_at=None) | Q(resolved_at__gt=since))
    rows = rows.exclude(needs=Needs.NOTHING)
    counts = {}
    for number, end in enumerate(ends):
        there = Q(first_seen__lte=end) & (Q(resolved_at=None) | Q(resolved_at__gt=end))
        counts[f"person_{number}"] = records_that(there & Q(needs=Needs.PERSON))
        counts[f"waiting_{number}"] = records_that(there & ~Q(needs=Needs.PERSON))
        counts[f"cleared_{number}"] = records_that(_within(end))
    found, right = rows.aggregate(**counts), _right(user, connection, ends)
    names = ("person", "waiting", "cleared")
    return [
        Week(timezone.localdate(end), *(found[f"{name}_{number}"] for name in names), right[number])
        for number, end in enumerate(ends)
    ]


def _right(user: User, connection: Connection, ends: list[datetime]) -> list[int | None]:
    """As each night's comparison counted them."""
    compared = Resync.objects.filter(connection=connection, compared_at__gt=ends[0] - timedelta(weeks=1))
    last: list[int | None] = [None] * len(ends)
    for each in compared.order_by("compared_at"):
        week = next((number for number, end in enumerate(ends) if each.compared_at <= end), len(ends) - 1)
        last[week] = right(user, each)
    return last


def _within(end: datetime) -> Q:
    return Q(resolved_at__gt=end - timedelta(weeks=1), resolved_at__lte=end)
