"""The health of a connection over the weeks: what stood in the way, and what was cleared."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from edfi.desk import every_trouble_of, records_that
from edfi.models import Connection, Needs
from security.models import User

WEEKS = 8


@dataclass(frozen=True)
class Week:
    """Ends with `last_day`. `person` and `waiting` stood in the way then; `cleared` were, during the week."""

    last_day: date
    person: int
    waiting: int
    cleared: int


def by_week(user: User, connection: Connection) -> list[Week]:
    """The last eight weeks, each ending on the weekday of today, as far as the person's scope; one query."""
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
    found = rows.aggregate(**counts)
    names = ("person", "waiting", "cleared")
    return [
        Week(timezone.localdate(end), *(found[f"{name}_{number}"] for name in names))
        for number, end in enumerate(ends)
    ]


def _within(end: datetime) -> Q:
    return Q(resolved_at__gt=end - timedelta(weeks=1), resolved_at__lte=end)
