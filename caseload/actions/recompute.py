"""Counts the deadlines of children anew and writes what is another than before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from caseload.models import Deadline
from caseload.reading import among, facts_of
from caseload.rules.counted import Counted, Counter
from caseload.rules.duties import duties_of
from caseload.rules.duty import Duty
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

# Rows go as one text of cells: JSON costs three times as much to write, and three times as much to read.
CELL, ROW = "\x1f", "\x1e"


def _told(columns: Mapping[str, str]) -> str:
    """The rows of the text; an empty cell is no value, and in a column of text an empty one."""
    cells = (
        f"coalesce(cell[{n}], '') AS {name}" if kind == "text" else f"cell[{n}]::{kind} AS {name}"
        for n, (name, kind) in enumerate(columns.items(), start=1)
    )
    return f"""
        SELECT {", ".join(cells)} FROM (
            SELECT string_to_array(row, '{CELL}', '') AS cell FROM string_to_table(%s, '{ROW}') row OFFSET 0
        ) told
    """  # noqa: S608  the names are our own


# Somebody may have written the same row meanwhile, from the same facts.
WRITE = f"""
    INSERT INTO caseload_deadline ({", ".join(COLUMNS)}, counted_at)
    SELECT r.*, now() FROM ({_told(COLUMNS)}) r
    ON CONFLICT ({", ".join(KEY)}) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in VALUES)}, counted_at = excluded.counted_at
"""  # noqa: S608  the names are our own, from the two dicts above
REMOVE = f"""
    DELETE FROM caseload_deadline d USING ({_told(KEY)}) gone
    WHERE {" AND ".join(f"d.{name} = gone.{name}" for name in KEY)}
"""  # noqa: S608


def recompute(student_ids: Collection[int]) -> int:
    """Returns how many rows were written or removed; about fifteen queries, in the scope of the caller."""
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
    return own | {
        row.district_id for child in children for row in (*child.evaluations, *child.ieps, *child.notices)
    }


def _rows(child: ChildFacts, counter: Counter) -> Iterable[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    for duty in duties_of(child):
        if found := counter.count(duty, child.profile):
            yield (child.id, duty.number, duty.part, duty.record_kind, duty.record_id), _values(duty, found)


def _values(duty: Duty, found: Counted) -> tuple[Any, ...]:
    """In the order of VALUES."""
    return (
        duty.district_id, duty.site_id, duty.responsible_id, duty.starts_on,
        found.due_on, found.why_not, found.counted_to, found.extended, duty.met_on,
        duty.excuse, found.standing, found.rule, found.rule_hash,
    )  # fmt: skip


def _stored(student_ids: Collection[int]) -> Rows:
    rows = Deadline.objects.filter(student_id__in=among(student_ids)).order_by()
    return {row[: len(KEY)]: row[len(KEY) :] for row in rows.values_list(*COLUMNS)}


def _write(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [ROW.join(map(line_of, rows))])


def line_of(row: tuple[Any, ...]) -> str:
    """The name of a place may hold any character: one that would end a cell becomes a space."""
    cells = ["" if value is None else str(value) for value in row]
    line = CELL.join(cells)
    if line.count(CELL) == len(cells) - 1 and ROW not in line:
        return line
    return CELL.join(cell.replace(CELL, " ").replace(ROW, " ") for cell in cells)
