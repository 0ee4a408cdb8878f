"""What the judged rows leave behind: findings, rejected rows, archived records, and the rows to load.

One statement per record type. Everything may run again: a run's findings and rejections are replaced,
archived rows are put on the desk of the archive anew.
"""

# ruff: noqa: S608  the SQL is built from the tables in rules/, never from what somebody typed

from django.db.backends.utils import CursorWrapper

from migration import load_sql
from migration.models import LoadRun
from migration.rules.findings import QualityRule, bits, quality_rules
from migration.rules.records import RecordType, record_types

STUDENTS_PER_CHUNK = 2_000
TEXT, USERS = "09", "13"
UNKNOWN_TYPE = "??"
PLACES = {"02": ("seq", 100), "05": ("rank", 10), "10": ("goal_no", 100)}
INTERNAL = "'{line,copy,unreadable,odd_date,key,ssn_or_temp_id}'::text[]"
LEGACY_KEY = "r.key || CASE WHEN r.copy > 1 THEN '#' || r.copy ELSE '' END"


def prepare_load(cursor: CursorWrapper) -> int:
    """Puts the rows to load into chunks of students; the number of chunks."""
    sql = (load_sql.LOADS / "prepare.sql").read_text().format(students_per_chunk=STUDENTS_PER_CHUNK)
    cursor.execute(sql)
    for record_type in record_types().values():
        if record_type.code != TEXT:
            _prepare_type(cursor, record_type)
    cursor.execute("SELECT coalesce(max(chunk), 1) FROM staging.chunk")
    return cursor.fetchone()[0]


def types_in(cursor: CursorWrapper, chunk: int) -> frozenset[str]:
    """The types that have rows in a chunk: to plan a statement without any takes as long as to load some."""
    asked = (
        f"SELECT '{each.code}' WHERE EXISTS (SELECT FROM staging.{_load_table(each)} WHERE chunk = %(chunk)s)"
        for each in record_types().values()
    )
    cursor.execute(" UNION ALL ".join(asked), {"chunk": chunk})
    return frozenset(code for (code,) in cursor.fetchall())


def is_new(cursor: CursorWrapper, chunk: int) -> bool:
    """It has students, and none of them is here: what belongs to them is loaded with them or not at all."""
    cursor.execute(
        "SELECT count(*) > 0 AND count(s.id) = 0 FROM staging.student_load l LEFT JOIN students_student s"
        " ON s.source = 'LEGACY_SER' AND s.legacy_key = l.legacy_key WHERE l.chunk = %s",
        [chunk],
    )
    return cursor.fetchone()[0]


def _load_table(record_type: RecordType) -> str:
    return "text_load" if record_type.code == TEXT else f"{record_type.table}_load"


def note_findings(cursor: CursorWrapper, run: LoadRun) -> None:
    cursor.execute("DELETE FROM ser_rollover_finding WHERE run_id = %s", [run.pk])
    for record_type in record_types().values():
        cursor.execute(_findings_sql(record_type), {"run": run.pk})


def note_rejections(cursor: CursorWrapper, run: LoadRun) -> None:
    cursor.execute("DELETE FROM ser_rollover_rejectedrow WHERE run_id = %s", [run.pk])
    for record_type in record_types().values():
        cursor.execute(
            "INSERT INTO ser_rollover_rejectedrow"
            " (run_id, record_type, line, key, original, rule, cascaded, district_id)"
            f" SELECT %(run)s, '{record_type.code}', f.line, left(f.key, 120),"
            " staging.kept_text(coalesce(l.original, l.raw)),"
            f" f.root, f.cascaded, p.district_id FROM staging.{record_type.table}_fate f"
            f" JOIN staging.line_{record_type.code} l ON l.number = f.line"
            " LEFT JOIN staging.responsible p ON p.student = f.student WHERE f.fate = 'rejected'",
            {"run": run.pk},
        )
    _reject_unknown_types(cursor, run)


def archive(cursor: CursorWrapper, run: LoadRun, record_type: RecordType) -> None:
    """Onto the desk of `migration.archive.store`, which packs them by child."""
    cursor.execute(_archive_sql(record_type), {"run": run.pk})


def _prepare_type(cursor: CursorWrapper, record_type: RecordType) -> None:
    """What belongs to no student comes with the first chunk."""
    table, of_a_student = record_type.table, record_type.code != USERS
    chunk = "c.chunk" if of_a_student else "1"
    join = "JOIN staging.chunk c ON c.student = f.student" if of_a_student else ""
    cursor.execute(
        f"CREATE UNLOGGED TABLE staging.{table}_load AS SELECT r.*, f.owner, f.student, f.mask, f.continuity,"
        f" {LEGACY_KEY} AS legacy_key, {chunk} AS chunk, {_place(record_type)} AS place"
        f" FROM staging.{table} r JOIN staging.{table}_fate f USING (line) {join}"
        f" WHERE f.fate = 'migrated' ORDER BY {chunk};"
        f" CREATE INDEX ON staging.{table}_load (chunk); ANALYZE staging.{table}_load"
    )


def _place(record_type: RecordType) -> str:
    """The number of a row among those of its owner; a second one of the same number is moved on."""
    if record_type.code not in PLACES:
        return "0"
    column, step = PLACES[record_type.code]
    number = f"coalesce(staging.whole_number(r.{column}), 0)"
    return f"{number} + {step} * (row_number() OVER (PARTITION BY f.owner, {number} ORDER BY r.line) - 1)"


def _findings_sql(record_type: RecordType) -> str:
    rules = ", ".join(
        f"('{rule.id}', '{rule.severity}', {bits()[rule.id]}::bigint)" for rule in quality_rules().values()
    )
    return (
        "INSERT INTO ser_rollover_finding"
        " (run_id, rule, severity, record_type, key, line, value, district_id)"
        f" SELECT %(run)s, q.id, q.severity, '{record_type.code}', left(f.key, 120), f.line,"
        f" {_value(record_type)},"
        f" p.district_id FROM staging.{record_type.table}_fate f"
        f" JOIN (VALUES {rules}) q (id, severity, bit) ON f.mask & q.bit <> 0"
        f" LEFT JOIN staging.{record_type.table} r USING (line)"
        f" LEFT JOIN {_whose(record_type)} WHERE f.mask <> 0"
    )


def _whose(record_type: RecordType) -> str:
    """The district that a finding is for: that of the student; of a legacy user, the one they worked for."""
    if record_type.code == USERS:
        return "(SELECT id AS district_id, code FROM staging.district) p ON p.code = r.sponsor_code"
    return "staging.responsible p ON p.student = f.student"


def _value(record_type: RecordType) -> str:
    """The columns that a rule shows, in the words of the layout."""
    rules = [rule for rule in quality_rules().values() if rule.shows and _concerns(rule, record_type)]
    cases = (f"WHEN '{rule.id}' THEN concat_ws(', ', {_shown(rule)})" for rule in rules)
    return f"CASE q.id {' '.join(cases)} ELSE '' END" if rules else "''"


def _concerns(rule: QualityRule, record_type: RecordType) -> bool:
    if rule.record_type == "file":
        return record_type.code in ("01", "04", "08")
    return rule.record_type == record_type.code


def _shown(rule: QualityRule) -> str:
    return ", ".join(f"'{column.upper()} ' || coalesce(r.{column}::text, '')" for column in rule.shows)


def _reject_unknown_types(cursor: CursorWrapper, run: LoadRun) -> None:
    """Lines of a type that the layout does not have."""
    at = {"run": run.pk, "type": UNKNOWN_TYPE}
    cursor.execute(
        "INSERT INTO ser_rollover_rejectedrow (run_id, record_type, line, key, original, rule, cascaded)"
        " SELECT %(run)s, %(type)s, number, '', raw, 'DQ-002', false FROM staging.line_unknown",
        at,
    )
    cursor.execute(
        "INSERT INTO ser_rollover_finding (run_id, rule, severity, record_type, key, line, value)"
        " SELECT %(run)s, 'DQ-002', 'fatal', %(type)s, '', number, '' FROM staging.line_unknown",
        at,
    )


def take_from_archive(cursor: CursorWrapper, record_type: RecordType) -> list[tuple[str, str]]:
    """Out of the index goes what this extract has brought among the live records: (student key, its key)."""
    key, rows = "r.key", " FROM staging.text_field r JOIN staging.iep_fate f ON f.key = r.iep_key"
    if record_type.code != TEXT:
        key = LEGACY_KEY
        rows = f" FROM staging.{record_type.table} r JOIN staging.{record_type.table}_fate f USING (line)"
    cursor.execute(
        "DELETE FROM ser_rollover_archivedrecord a"
        f" USING (SELECT {key} AS key{rows} WHERE f.fate = 'migrated') m"
        f" WHERE a.record_type = '{record_type.code}' AND a.legacy_key = m.key"
        " RETURNING a.student_key, a.legacy_key"
    )
    return cursor.fetchall()


def _archive_sql(record_type: RecordType) -> str:
    head = (
        "INSERT INTO staging.archived_row"
        " (record_type, legacy_key, student_key, district_id, data, lines, run_id)"
        f" SELECT '{record_type.code}', {{key}}, f.student, p.district_id, {{data}}, {{lines}}, %(run)s"
    )
    tail = " LEFT JOIN staging.responsible p ON p.student = f.student WHERE f.fate = 'archived'"
    if record_type.code == TEXT:
        text = "jsonb_build_object('text', staging.kept_text(r.text))"
        data = f"to_jsonb(r) - '{{line,key,lines,gaps}}'::text[] || {text}"
        rows = " FROM staging.text_field r JOIN staging.iep_fate f ON f.key = r.iep_key AND f.root IS NULL"
        return head.format(key="r.key", data=data, lines="r.lines") + rows + tail
    rows = f" FROM staging.{record_type.table} r JOIN staging.{record_type.table}_fate f USING (line)"
    return head.format(key=LEGACY_KEY, data=f"to_jsonb(r) - {INTERNAL}", lines="1") + rows + tail
