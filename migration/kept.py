"""What somebody has written here since the load and a later extract says otherwise: for people to decide.

The load leaves such records as they are (`migration.load_sql`). Of a record with parts, an IEP with its
texts, the record itself is listed, once.
"""

# ruff: noqa: S608  the SQL is built from our own statements and rules, never from what somebody typed

from functools import cache

from django.db.backends.utils import CursorWrapper

from migration.load_sql import CLAIMS, Upsert, mask_of, upserts, written_here
from migration.models import LoadRun
from migration.vanished import ROWS

# What hangs on a record that says itself when it was written: its type, its table, and the key to it.
EVALUATION, IEP = ("04", "evaluations_evaluation"), ("08", "ieps_iep")
HANGS_ON = {
    "evaluations_exceptionality": (*EVALUATION, "evaluation_id"),
    "ieps_sectiontext": (*IEP, "iep_id"),
    "ieps_line": (*IEP, "iep_id"),
}
PRIMARY = "05"
EXCEPTIONALITY = Upsert(
    PRIMARY, "evaluations_exceptionality", "evaluation_id, rank, code, original_code, detail, load_run_id",
    " SELECT e.id, l.place, coalesce(m.code, l.exceptionality), l.exceptionality, l.severity_or_area,"
    " c.run_id"
    " FROM staging.exceptionality_load l CROSS JOIN staging.cutover c"
    " JOIN evaluations_evaluation e ON e.source = 'LEGACY_SER' AND e.legacy_key = l.owner"
    " LEFT JOIN staging.legacy_code m ON m.code_set = 'exceptionality' AND m.legacy_code = l.exceptionality"
    " WHERE l.chunk = %(chunk)s ",
    "evaluation_id, rank", "",
)  # fmt: skip
OTHERWISE = (
    "INSERT INTO ser_rollover_keptrow"
    " (run_id, record_type, record_id, key, district_id, written_by_id, written_at)"
)
ONCE = " ON CONFLICT (run_id, record_type, record_id) DO NOTHING"


def note(cursor: CursorWrapper, run: LoadRun, chunk: int) -> None:
    """Of one part of a load, in the transaction that has loaded it."""
    for sql in _statements():
        cursor.execute(sql, {"run": run.pk, "chunk": chunk})


@cache
def _statements() -> tuple[str, ...]:
    said = [_own(this) for this in (*upserts(), EXCEPTIONALITY) if written_here(this.table, "x") != "false"]
    hanging = [this for this in (*upserts(), EXCEPTIONALITY) if this.table in HANGS_ON]
    return (*said, *map(_of_its_owner, hanging), _claimed())


def _own(this: Upsert) -> str:
    """Rows that were written here themselves. What hangs on a line of an IEP is listed as that line."""
    record_type, number = this.record_type, "id"
    if this.table == "ieps_sectiontext" and record_type != "09":
        is_of_a_line = "line_id" in this.columns
        record_type, number = (record_type, "line_id") if is_of_a_line else ("08", "iep_id")
    return _listed(
        record_type, f"x.{number}", this.table, "x.id",
        f"{_rows(this)} JOIN {this.table} x ON {_same(this)}"
        f" WHERE {this.differs('x', 'said')} AND {written_here(this.table, 'x')}",
    )  # fmt: skip


def _claimed() -> str:
    """A span of the extract, in dispute only because one that was written here has some of its days."""
    return _listed(
        "03", "x.id", "students_jurisdiction", "y.id",
        "staging.jurisdiction_load l JOIN students_jurisdiction x"
        " ON x.source = 'LEGACY_SER' AND x.legacy_key = l.legacy_key"
        f" JOIN students_jurisdiction y ON y.student_id = x.student_id AND {CLAIMS}"
        f" WHERE l.chunk = %(chunk)s AND x.contested AND l.mask & {mask_of('contested')} = 0",
    )  # fmt: skip


def _of_its_owner(this: Upsert) -> str:
    """A record that was written here, of which a part differs or is new in the extract."""
    record_type, owner, key = HANGS_ON[this.table]
    return _listed(
        record_type, "o.id", owner, "o.id",
        f"{_rows(this)} JOIN {owner} o ON o.id = said.{key} LEFT JOIN {this.table} x ON {_same(this)}"
        f" WHERE (x.id IS NULL OR {this.differs('x', 'said')}) AND {written_here(owner, 'o')}",
    )  # fmt: skip


def _listed(record_type: str, number: str, table: str, written: str, found: str) -> str:
    """With the last who wrote it, and when: as the history of `table` has it."""
    return (
        f"{OTHERWISE} SELECT DISTINCT ON (v.id) %(run)s, '{record_type}', v.id, left(v.key, 120),"
        " v.district_id, h.by, h.pgh_created_at"
        f" FROM (SELECT {number} AS number, {written} AS written FROM {found}) k"
        f" JOIN ({ROWS[record_type]}) v (id, key, district_id, run_id) ON v.id = k.number"
        " LEFT JOIN LATERAL (SELECT (e.pgh_context->>'user')::bigint AS by, e.pgh_created_at"
        f" FROM {table}event e WHERE e.pgh_obj_id = k.written ORDER BY e.pgh_id DESC LIMIT 1) h ON true"
        f" ORDER BY v.id, h.pgh_created_at DESC{ONCE}"
    )


def _rows(this: Upsert) -> str:
    return f"({this.rows}) said ({this.columns})"


def _same(this: Upsert) -> str:
    return " AND ".join(f"x.{name} = said.{name}" for name in this.keys)
