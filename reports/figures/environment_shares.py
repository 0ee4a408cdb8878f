"""The children behind indicators 5 and 6 of a district: by the records of today, or as they were frozen."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import models

from organizations.models import District
from reports.federal.standing import Count, live
from reports.models import Kind, Snapshot, SnapshotChild
from reports.models.snapshot import SnapshotQuerySet
from reports.rules.environment_shares import file_of, part_of
from security import scope

COUNTED, LEFT_OUT = "counted", "not_counted"
FACTS = ("student_id", "file", "counted", "reasons", "age", "environment")


class Child(NamedTuple):
    """`reasons` (rows of not_counted.csv) of a child that would belong here and is not counted."""

    student_id: int
    file: str
    counted: bool
    reasons: tuple[str, ...]
    age: str
    environment: str


def children_of(number: int, district: District, day: date, frozen: Snapshot | None = None) -> list[Child]:
    """Whoever belongs to the indicator's file, counted or not. One query, past the reader's scope: ask only
    for a reader of the whole district."""
    with scope.elevated():
        rows = list(frozen.children.values(*FACTS) if frozen else live(Count(district, Kind.COUNT, day, day)))
    found = (_child(row) for row in rows if row["file"] == file_of(number))
    return sorted(found, key=lambda child: child.student_id)


def _child(row: Mapping[str, Any]) -> Child:
    return Child(**{name: row[name] for name in FACTS} | {"reasons": tuple(row["reasons"])})


def counts_of(seen: SnapshotQuerySet, districts: Iterable[int]) -> list[Snapshot]:
    """The standing child counts of these districts among those that somebody may open, the latest first."""
    rows = seen.standing().filter(kind=Kind.COUNT, district__in=list(districts))
    return list(rows.order_by("-day", "-pk"))


def latest_of(
    seen: SnapshotQuerySet, number: int, districts: Iterable[int]
) -> list[tuple[Snapshot, Counter[str]]]:
    """The latest standing count of each district, and how many of its counted children each setting has.

    Two queries; districts that have frozen none are not among them.
    """
    latest: dict[int, Snapshot] = {}
    for row in counts_of(seen, districts):
        latest.setdefault(row.district_id, row)
    found: dict[int, Counter[str]] = {row.pk: Counter() for row in latest.values()}
    rows = SnapshotChild.objects.filter(snapshot__in=list(found), counted=True, file=file_of(number))
    settings = rows.order_by().values_list("snapshot", "environment")
    for pk, environment, n in settings.annotate(n=models.Count("pk")):
        found[pk][environment] = n
    return [(row, found[row.pk]) for row in latest.values()]


def fits(number: int, child: Child, chosen: Mapping[str, str]) -> bool:
    """By part, environment, whether it is counted, and a reason why not."""
    part, environment, reason = (chosen.get(name, "") for name in ("part", "environment", "reason"))
    stands = COUNTED if child.counted else LEFT_OUT
    return (
        chosen.get("stands", stands) == stands
        and (not part or (child.counted and part_of(number, child.environment) == part))
        and (not environment or (child.counted and child.environment == environment))
        and (not reason or reason in child.reasons)
    )
