"""What an earlier extract brought and this one does not load again: listed for people to decide on.

A record that this extract rejects or archives is named too: it still stands among the live records.
"""

# ruff: noqa: S608  the SQL is built from the tables in rules/, never from what somebody typed

from django.db.backends.utils import CursorWrapper

from migration.models import LoadRun, Why
from migration.rules.records import RecordType, record_types

# The live rows of each type that came from the legacy system: number, key, district, run.
NUMBERED = ("02", "05", "09")  # whose copies have no key of their own
LEGACY = "x.source = 'LEGACY_SER'"
OF_STUDENT = "JOIN students_student s ON s.id = x.student_id AND s.source = 'LEGACY_SER'"
OF_IEP = "JOIN ieps_iep i ON i.id = x.iep_id AND i.source = 'LEGACY_SER'"
ROWS = {
    "01": f"SELECT x.id, x.legacy_key, NULL::bigint, x.load_run_id FROM students_student x WHERE {LEGACY}",
    "02": "SELECT x.id, s.legacy_key || '|' || lpad(mod(x.seq, 100)::text, 2, '0'), NULL::bigint,"
    " x.load_run_id"
    f" FROM students_contact x {OF_STUDENT} WHERE x.load_run_id IS NOT NULL",
    "03": "SELECT x.id, x.legacy_key, x.district_id, x.load_run_id"
    f" FROM students_jurisdiction x WHERE {LEGACY}",
    "04": "SELECT x.id, x.legacy_key, x.district_id, x.load_run_id"
    f" FROM evaluations_evaluation x WHERE {LEGACY}",
    "05": "SELECT x.id, e.legacy_key || '|' || mod(x.rank, 10), e.district_id, x.load_run_id"
    " FROM evaluations_exceptionality x JOIN evaluations_evaluation e ON e.id = x.evaluation_id"
    " AND e.source = 'LEGACY_SER' WHERE x.load_run_id IS NOT NULL",
    "06": "SELECT x.id, x.legacy_key, x.district_id, x.load_run_id"
    f" FROM enrollment_specialeducationactivity x WHERE {LEGACY}",
    "07": f"SELECT x.id, x.legacy_key, x.district_id, x.load_run_id FROM ieps_service x WHERE {LEGACY}",
    "08": f"SELECT x.id, x.legacy_key, x.district_id, x.load_run_id FROM ieps_iep x WHERE {LEGACY}",
    "09": "SELECT x.id, i.legacy_key || '|' || x.section || '|' || x.field, i.district_id, x.load_run_id"
    f" FROM ieps_sectiontext x {OF_IEP}"
    " WHERE x.load_run_id IS NOT NULL AND x.line_id IS NULL AND x.field NOT IN"
    " ('time_frame_first', 'time_frame_last')",
    "10": f"SELECT x.id, x.legacy_key, i.district_id, x.load_run_id FROM ieps_line x {OF_IEP}"
    " WHERE x.section = 'INS' AND x.legacy_key IS NOT NULL",
    "11": f"SELECT x.id, x.legacy_key, i.district_id, x.load_run_id FROM ieps_line x {OF_IEP}"
    " WHERE x.section = 'PRG' AND x.legacy_key IS NOT NULL",
    "12": "SELECT x.id, x.legacy_key, x.district_id, x.load_run_id FROM ser_rollover_legacyattachment x"
    " WHERE true",
    "13": "SELECT x.id, x.legacy_key, x.district_id, x.load_run_id FROM ser_rollover_legacyuser x WHERE true",
}


def note(cursor: CursorWrapper, run: LoadRun) -> None:
    """Replaces the run's list. Rows that this run wrote are none of it, and are not even looked up."""
    run.vanished_rows.all().delete()
    if is_later(run):
        for record_type in record_types().values():
            cursor.execute(_sql(record_type), {"run": run.pk})


def is_later(run: LoadRun) -> bool:
    """Has another run loaded before?"""
    others = LoadRun.objects.filter(of_state_id=run.of_state_id, chunks_done__gt=0)
    return others.exclude(pk=run.pk).exists()


def _sql(record_type: RecordType) -> str:
    return (
        "INSERT INTO ser_rollover_vanishedrow"
        " (run_id, record_type, record_id, key, district_id, written_in, why)"
        f" SELECT %(run)s, '{record_type.code}', v.id, left(v.key, 120), v.district_id, v.written_in,"
        f" CASE f.fate WHEN 'rejected' THEN '{Why.REJECTED}' WHEN 'archived' THEN '{Why.ARCHIVED}'"
        f" ELSE '{Why.GONE}' END"
        f" FROM ({ROWS[record_type.code]} AND x.load_run_id <> %(run)s) v (id, key, district_id, written_in)"
        f" LEFT JOIN ({_fates(record_type)}) f (key, fate) ON f.key = v.key"
        " WHERE f.fate IS DISTINCT FROM 'migrated'"
    )


def _fates(record_type: RecordType) -> str:
    """One fate for each key of this extract: migrated when any row of that key is."""
    key, copies = "f.key", ""
    if record_type.code not in NUMBERED:
        key = "f.key || CASE WHEN r.copy > 1 THEN '#' || r.copy ELSE '' END"
        copies = f" LEFT JOIN staging.{record_type.table} r USING (line)"
    return (
        f"SELECT {key}, CASE WHEN bool_or(f.fate = 'migrated') THEN 'migrated' ELSE max(f.fate) END"
        f" FROM staging.{record_type.table}_fate f{copies} GROUP BY 1"
    )
