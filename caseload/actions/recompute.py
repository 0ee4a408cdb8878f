"""Counts the deadlines of children anew and writes what is another than before."""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection

from caseload.models import Deadline
from caseload.reading import among, facts_of
from caseload.rules.counted import Counted, Counter
from caseload.rules.duties import Duty, duties_of
from caseload.rules.facts import ChildFacts
from organizations.calendars import calendars_of

KEY = {"student_id": "bigint", "number": "text", "part": "text", "record_kind": "text", "record_id": "bigint"}
VALUES = {
    "district_id": "bigint", "site_id": "bigint", "responsible_id": "bigint", "starts_on": "date",
    "due_on": "date", "why_not": "text", "counted_to": "date", "extended": "boolean", "met_on": "date",
    "excuse": "text", "standing": "text", "rule": "text", "rule_hash": "text",
}  # fmt: skip
COLUMNS = {**KEY, **VALUES}
Rows = dict[tuple[Any, ...], tuple[Any, ...]]

# Somebody may have written the same row meanwhile, from the same facts.
WRITE = f"""
    INSERT INTO caseload_deadline ({", ".join(COLUMNS)}, counted_at)
    SELECT r.*, now() FROM json_to_recordset(%s::json) r ({", ".join(map(" ".join, COLUMNS.items()))})
    ON CONFLICT ({", ".join(KEY)}) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in VALUES)}, counted_at = excluded.counted_at
"""  # noqa: S608  the names are our own, from the two dicts above
REMOVE = f"""
    DELETE FROM caseload_deadline d
    USING json_to_recordset(%s::json) gone ({", ".join(map(" ".join, KEY.items()))})
    WHERE {" AND ".join(f"d.{name} = gone.{name}" for name in KEY)}
"""  # noqa: S608


def recompute(student_ids: Collection[int]) -> int:
    """Returns how many rows were written or removed; about a dozen queries, in the scope of the caller."""
    children = list(facts_of(student_ids))
    counter = Counter(calendars_of(_districts(children)))
    wanted = {key: row for child in children for key, row in _rows(child, counter)}
    stored = _stored(student_ids)
    changed = [(*key, *row) for key, row in wanted.items() if stored.get(key) != row]
    gone = [key for key in stored if key not in wanted]
    _write(WRITE, changed)
    _write(REMOVE, gone)
    return len(changed) + len(gone)


def _districts(children: Iterable[ChildFacts]) -> set[int | None]:
    own = {child.district_id for child in children}
    return own | {row.district_id for child in children for row in (*child.evaluations, *child.ieps)}


def _rows(child: ChildFacts, counter: Counter) -> Iterable[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    for duty in duties_of(child):
        if found := counter.count(duty, child.profile):
            yield (child.id, duty.number, "", duty.record_kind, duty.record_id), _values(duty, found)


def _values(duty: Duty, found: Counted) -> tuple[Any, ...]:
    """In the order of VALUES."""
    return (
        duty.district_id, duty.site_id, duty.responsible_id, duty.starts_on,
        found.due_on, found.why_not, found.counted_to, found.extended, duty.met_on,
        duty.excuse, found.standing.value, found.rule, found.rule_hash,
    )  # fmt: skip


def _stored(student_ids: Collection[int]) -> Rows:
    rows = Deadline.objects.filter(student_id__in=among(student_ids)).order_by()
    return {row[: len(KEY)]: row[len(KEY) :] for row in rows.values_list(*COLUMNS)}


def _write(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Many rows go as one JSON text, which costs a third of as many parameters."""
    if rows:
        told = json.dumps([dict(zip(COLUMNS, row, strict=False)) for row in rows], default=str)
        with connection.cursor() as cursor:
            cursor.execute(statement, [told])
