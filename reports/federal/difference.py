"""What differs between a frozen count and the records of today: a work list of children, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports.federal.standing import COLUMNS, count_of, live
from reports.models import Snapshot
from reports.rules.federal.comparison import FIELDS, Change, changes
from security import scope
from students.models import Student

Values = dict[str, Any]


@dataclass(frozen=True)
class Different:
    """`frozen` is None of a child that was not in the count, `live` of one that no longer belongs there."""

    student_id: int
    frozen: Values | None
    live: Values | None
    changes: tuple[Change, ...]


def difference(snapshot: Snapshot, children: Sequence[int] | None = None) -> list[Different]:
    """Of all children, or of these. Two queries and one for whom the reader reaches.

    The records are looked at beyond the reader's scope, as they were when the count was frozen; told are
    only children that the reader reaches.
    """
    frozen = frozen_of(snapshot, children)
    with scope.elevated():
        now = {row["student_id"]: row for row in live(count_of(snapshot), children)}
    found = [_different(pk, frozen.get(pk), now.get(pk)) for pk in {*frozen, *now}]
    some = [each for each in found if each.changes]
    within = set(Student.objects.filter(pk__in=[e.student_id for e in some]).values_list("pk", flat=True))
    return sorted((each for each in some if each.student_id in within), key=lambda each: each.student_id)


def frozen_of(snapshot: Snapshot, children: Sequence[int] | None = None) -> dict[int, Values]:
    rows = snapshot.children.all() if children is None else snapshot.children.filter(student__in=children)
    return {row["student_id"]: row for row in rows.values(*COLUMNS)}


def _different(pk: int, frozen: Values | None, now: Values | None) -> Different:
    return Different(pk, frozen, now, tuple(changes(_compared(frozen), _compared(now))))


def _compared(values: Values | None) -> Values | None:
    return values and {name: values[name] for name in FIELDS}
