"""Judges the staged rows in sets: which rules each row breaks, and what becomes of it.

A row's broken rules are one bit mask. The conditions stand in `checks/`, one named column per rule; a row
whose owner is rejected is rejected with it. Authority: rollover decisions 1 to 6.
"""

# ruff: noqa: S608  the SQL is built from the tables in rules/, never from what somebody typed

import re
from pathlib import Path

from django.db.backends.utils import CursorWrapper

from migration.rules.findings import bits, rejecting_rules
from migration.rules.records import RecordType, record_types
from migration.staging import UNIQUE_KEYS, owner_column
from migration.twins import find_twins

DATED = ("03", "04", "06", "07", "08", "12")
WITH_STUDENT = ("01", "02")
CHECKS = Path(__file__).parent / "checks"
_NAMED_RULE = re.compile(r'AS "(DQ-\d{3})"')


def prepare_checks(cursor: CursorWrapper) -> None:
    """What the checks of several types share: joined texts, one row per child, probable twins."""
    cursor.execute((CHECKS / "text_field.sql").read_text())
    cursor.execute("CREATE VIEW staging.child AS SELECT * FROM staging.student WHERE copy = 1")
    find_twins(cursor)
    cursor.execute("ANALYZE staging.text_field, staging.twin")


def check(cursor: CursorWrapper, record_type: RecordType) -> None:
    """One pass over a record type: `staging.<table>_checked` has the lines that break a rule."""
    cursor.execute(
        f"CREATE UNLOGGED TABLE staging.{record_type.table}_checked AS "
        f"SELECT line, mask FROM ({_masked(record_type)}) c WHERE mask <> 0"
    )
    cursor.execute(f"ANALYZE staging.{record_type.table}_checked")


def judge(cursor: CursorWrapper, record_type: RecordType) -> None:
    """`staging.<table>_judged`: every line with its mask and the rule that it is rejected for, if any.

    `root` is that rule; `cascaded` says that it is the fault of the record the row belongs to.
    """
    table = record_type.table
    cursor.execute(
        f"CREATE UNLOGGED TABLE staging.{table}_judged AS"
        f" SELECT line, key, owner, copy, mask, coalesce(fault, lost) AS root,"
        f" fault IS NULL AND lost IS NOT NULL AS cascaded"
        f" FROM (SELECT *, {_fault()} AS fault FROM ({_with_owner(record_type)}) m) j"
    )
    cursor.execute(f"ANALYZE staging.{table}_judged")


def decide(cursor: CursorWrapper) -> None:
    """`staging.<table>_fate` of every type: the judged rows with their student, fate and continuity."""
    cursor.execute((CHECKS / "fates.sql").read_text())
    for record_type in record_types().values():
        table = record_type.table
        cursor.execute(f"CREATE UNLOGGED TABLE staging.{table}_fate AS {_fate(record_type)}")
        cursor.execute(f"ANALYZE staging.{table}_fate")


def _fate(record_type: RecordType) -> str:
    """Rejected first, then archived, then migrated (decision 1)."""
    student, old, continuity, join = _past(record_type)
    return (
        f"SELECT j.*, {student} AS student, {continuity} AS continuity,"
        f" CASE WHEN j.root IS NOT NULL THEN 'rejected' WHEN {old} THEN 'archived'"
        f" ELSE 'migrated' END AS fate"
        f" FROM staging.{record_type.table}_judged j {join}"
    )


def _past(record_type: RecordType) -> tuple[str, str, str, str]:
    """Whose row it is, when it is past or kept for continuity, and the join that tells (decision 2)."""
    if record_type.code in DATED:
        return (
            "j.owner",
            "NOT d.stays",
            "coalesce(d.continuity, false)",
            "LEFT JOIN staging.dated_fate d USING (line)",
        )
    if record_type.code in WITH_STUDENT:
        student = "j.owner" if record_type.belongs_to else "j.key"
        return (
            student,
            "p.student IS NOT NULL",
            "false",
            f"LEFT JOIN staging.past_student p ON p.student = {student}",
        )
    if record_type.belongs_to is None:
        return "NULL::text", "false", "false", ""
    owner = record_types()[record_type.belongs_to].table
    join = f"LEFT JOIN staging.{owner}_fate o ON o.key = j.owner AND o.root IS NULL"
    return "o.student", "o.fate = 'archived'", "false", join


def _masked(record_type: RecordType) -> str:
    path = CHECKS / f"{record_type.code}_{record_type.table}.sql"
    if not path.exists():
        return "SELECT NULL::bigint AS line, 0::bigint AS mask WHERE false"
    sql = path.read_text()
    rules = _NAMED_RULE.findall(sql)
    mask = " | ".join(f'CASE WHEN "{rule}" THEN {bits()[rule]}::bigint ELSE 0 END' for rule in rules)
    return f"SELECT line, {mask} AS mask FROM ({sql}) r"


def _fault() -> str:
    """The first rejecting rule in the mask."""
    cases = " ".join(f"WHEN mask & {bits()[rule.id]} <> 0 THEN '{rule.id}'" for rule in rejecting_rules())
    return f"CASE {cases} END"


def _with_owner(record_type: RecordType) -> str:
    """The rows with their masks, DQ-002 and DQ-020 included, and the reason why their owner is lost."""
    owner = owner_column(record_type)
    if owner is None:
        return f"SELECT *, NULL::text AS lost FROM ({_rows(record_type, 'NULL::text')}) r"
    owner_table = record_types()[record_type.belongs_to or ""].table
    may_be_free = "r.is_draft" if record_type.code == "08" else "false"
    orphan = f"o.key IS NULL AND NOT {may_be_free}"
    return (
        f"SELECT r.line, r.key, r.owner, r.copy, o.lost,"
        f" r.mask | CASE WHEN {orphan} THEN {bits()['DQ-020']} ELSE 0 END AS mask"
        f" FROM ({_rows(record_type, owner)}) r LEFT JOIN ("
        f"   SELECT key, CASE WHEN bool_and(root IS NOT NULL) THEN min(root) END AS lost"
        f"   FROM staging.{owner_table}_judged GROUP BY key) o ON o.key = r.owner"
    )


def _rows(record_type: RecordType, owner: str) -> str:
    """Readable and damaged lines; a line that cannot be read breaks no other rule."""
    table, damaged = record_type.table, bits()["DQ-002"]
    twice = "r.copy > 1" if record_type.code in UNIQUE_KEYS else "false"
    draft = "r.status = 'DRF'" if record_type.code == "08" else "false"
    return (
        f"SELECT r.line, r.key, {owner} AS owner, r.copy, {draft} AS is_draft,"
        f" CASE WHEN r.unreadable OR {twice} OR c.mask & {damaged} <> 0 THEN {damaged}"
        f" ELSE coalesce(c.mask, 0) END AS mask"
        f" FROM staging.{table} r LEFT JOIN staging.{table}_checked c ON c.line = r.line"
        f" UNION ALL SELECT line, key, owner, 1, false, {damaged} FROM staging.{table}_damaged"
    )
