"""Puts what a run archives into packs, a child at a time; what is there already is not written again.

What a later extract brings among the live records leaves the archive once it is loaded.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.backends.utils import CursorWrapper

from migration import account
from migration.archive.pack import Packed, packed, together, unpacked
from migration.models import ArchivedRecord, ArchivedStudent, LoadRun
from migration.rules.records import record_types

CHILDREN_AT_ONCE = 500
OPEN = """
DROP TABLE IF EXISTS staging.archived_row;
CREATE UNLOGGED TABLE staging.archived_row (
    record_type text, legacy_key text, student_key text, district_id bigint, data jsonb, lines int,
    run_id bigint)
"""
INDEX = "CREATE INDEX ON staging.archived_row (student_key); ANALYZE staging.archived_row"
KEEP_INDEX = """
INSERT INTO ser_rollover_archivedrecord (record_type, legacy_key, student_key, district_id, lines, run_id)
SELECT record_type, legacy_key, student_key, district_id, lines, run_id FROM staging.archived_row
ON CONFLICT (record_type, legacy_key) DO NOTHING
"""
# What is said of each child, looked up once for all of them: a batch would read every child of the extract.
STUBS = """
DROP TABLE IF EXISTS staging.stub;
CREATE UNLOGGED TABLE staging.stub AS
SELECT a.student_key, coalesce(c.lasid, '') AS state_student_id,
       coalesce(staging.name_of(c.last_name), '') AS last_name,
       coalesce(staging.name_of(c.first_name), '') AS first_name, c.birth_date, p.district_id,
       coalesce(f.fate, '') <> 'migrated' AS whole
FROM (SELECT DISTINCT student_key FROM staging.archived_row) a
LEFT JOIN staging.child c ON c.key = a.student_key
LEFT JOIN staging.student_fate f ON f.line = c.line
LEFT JOIN staging.responsible p ON p.student = a.student_key;
CREATE INDEX ON staging.stub (student_key);
ANALYZE staging.stub
"""
NEXT = """
SELECT s.*, a.rows
FROM (SELECT student_key, jsonb_agg(jsonb_build_array(record_type, legacy_key, data)) AS rows
      FROM staging.archived_row WHERE student_key > %s GROUP BY 1 ORDER BY 1 LIMIT %s) a
JOIN staging.stub s USING (student_key)
ORDER BY student_key
"""
NOT_WHOLE = """
UPDATE ser_rollover_archivedstudent a SET whole = false
FROM staging.child c JOIN staging.student_fate f USING (line)
WHERE a.student_key = c.key AND a.whole AND f.fate = 'migrated'
"""
STUB = ("state_student_id", "last_name", "first_name", "birth_date", "district_id", "whole")


def open_desk(cursor: CursorWrapper) -> None:
    """An empty table for the rows that `account.archive` archives, type after type."""
    cursor.execute(OPEN)


def put_away(cursor: CursorWrapper, run: LoadRun) -> None:
    cursor.execute(INDEX)
    cursor.execute(STUBS)
    cursor.execute(KEEP_INDEX)
    for batch in _batches(cursor):
        _put(run, batch)


def _batches(cursor: CursorWrapper) -> Iterator[list[tuple[Any, ...]]]:
    last = ""
    while True:
        cursor.execute(NEXT, [last, CHILDREN_AT_ONCE])
        rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield rows


def _put(run: LoadRun, batch: list[tuple[Any, ...]]) -> None:
    """New children in one insert; a child that is there is written only when something differs."""
    there = {
        row.student_key: row for row in ArchivedStudent.objects.filter(student_key__in=[b[0] for b in batch])
    }
    new = []
    for key, *facts, rows in batch:
        said = dict(zip(STUB, facts, strict=True))
        records = [Packed(*row) for row in json.loads(rows)]
        if key in there:
            _renew(there[key], said, records, run)
        else:
            new.append(
                ArchivedStudent(student_key=key, **said, records=len(records), pack=packed(records), run=run)
            )
    ArchivedStudent.objects.bulk_create(new)


def _renew(child: ArchivedStudent, said: dict[str, Any], records: list[Packed], run: LoadRun) -> None:
    if bytes(child.pack) != packed(records):
        records = together(unpacked(child.pack), records)
    pack = packed(records)
    if bytes(child.pack) == pack and all(getattr(child, name) == value for name, value in said.items()):
        return
    for name, value in said.items():
        setattr(child, name, value)
    child.pack, child.records, child.run = pack, len(records), run
    child.save(update_fields=[*STUB[:4], "district", "whole", "pack", "records", "run"])


def give_back(cursor: CursorWrapper, run: LoadRun) -> None:
    """Nothing stands both in the archive and among the live records; no child with these is a past one.

    Only what an earlier run has archived can be there twice.
    """
    if not ArchivedRecord.objects.filter(run__lt=run).exists():
        return
    cursor.execute(NOT_WHOLE)
    taken = defaultdict(set)
    for record_type in record_types().values():
        for student_key, key in account.take_from_archive(cursor, record_type):
            taken[student_key].add((record_type.code, key))
    for child in ArchivedStudent.objects.filter(student_key__in=taken):
        left = [r for r in unpacked(child.pack) if (r.record_type, r.key) not in taken[child.student_key]]
        _leave(child, left)


def _leave(child: ArchivedStudent, records: list[Packed]) -> None:
    """One of whom nothing is left goes, unless somebody has asked for it or looked: those lines are kept."""
    if records or child.requests.exists() or child.visits.exists():
        child.pack, child.records = packed(records), len(records)
        child.save(update_fields=["pack", "records"])
    else:
        child.delete()
