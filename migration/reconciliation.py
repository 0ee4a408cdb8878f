"""Every record accounted for: what the records and the archive really hold, compared with the extract.

Authority: RLO-06, DQ-100 (accounting per record type), DQ-102 (control totals per district), decision 15.
"""

# ruff: noqa: S608  the SQL is built from the tables in rules/, never from what somebody typed

from collections import defaultdict

from django.db.backends.utils import CursorWrapper

from migration.account import TEXT, UNKNOWN_TYPE
from migration.load_sql import written_here
from migration.models import Finding, LoadRun, RecordCount
from migration.rules.records import RecordType, record_types

NO_DISTRICT = "000"
PAST = "SELECT count(*) FROM staging.student_fate l WHERE l.fate = 'archived'"
ARCHIVED = "SELECT FROM ser_rollover_archivedrecord a WHERE a.record_type = '01' AND a.legacy_key = l.key"
TAGGED = ("03", "04", "06", "07")  # the types that continuity is for (decision 4)
MEASURES = {
    "active_students": "active students",
    "official_ieps": "official IEPs",
    "drafts": "drafts",
    "open_services": "open services",
    "evaluations_in_progress": "evaluations in progress",
}
# Contacts and spans of a child that was merged since stand with the child that it became.
OF_ITS_CHILD = (
    "s.source = 'LEGACY_SER' AND s.legacy_key = l.student"
    " AND (x.id IS NOT NULL OR s.merged_into_id IS NOT NULL)"
)
LIVE = {
    "01": "SELECT FROM students_student x WHERE x.source = 'LEGACY_SER' AND x.legacy_key = l.legacy_key",
    "02": "SELECT FROM students_student s LEFT JOIN students_contact x"
    f" ON x.student_id = s.id AND x.seq = l.place WHERE {OF_ITS_CHILD}",
    "03": "SELECT FROM students_student s LEFT JOIN students_jurisdiction x"
    f" ON x.source = 'LEGACY_SER' AND x.legacy_key = l.legacy_key WHERE {OF_ITS_CHILD}",
    "04": "SELECT FROM evaluations_evaluation x"
    " WHERE x.source = 'LEGACY_SER' AND x.legacy_key = l.legacy_key",
    "05": "SELECT FROM evaluations_exceptionality x JOIN evaluations_evaluation e ON e.id = x.evaluation_id"
    " WHERE e.source = 'LEGACY_SER' AND e.legacy_key = l.owner AND x.rank = l.place",
    "06": "SELECT FROM enrollment_specialeducationactivity x"
    " WHERE x.source = 'LEGACY_SER' AND x.legacy_key = l.legacy_key",
    "07": "SELECT FROM ieps_service x WHERE x.source = 'LEGACY_SER' AND x.legacy_key = l.legacy_key",
    "08": "SELECT FROM ieps_iep x WHERE x.source = 'LEGACY_SER' AND x.legacy_key = l.legacy_key",
    "09": "SELECT FROM ieps_sectiontext x JOIN ieps_iep i ON i.id = x.iep_id WHERE i.source = 'LEGACY_SER'"
    " AND i.legacy_key = l.iep_key AND x.section = l.section AND x.field = l.field",
    "10": "SELECT FROM ieps_line x WHERE x.section = 'INS' AND x.legacy_key = l.legacy_key",
    "11": "SELECT FROM ieps_line x WHERE x.section = 'PRG' AND x.legacy_key = l.legacy_key",
    "12": "SELECT FROM ser_rollover_legacyattachment x WHERE x.legacy_key = l.legacy_key",
    "13": "SELECT FROM ser_rollover_legacyuser x JOIN staging.cutover c ON c.state_id = x.of_state_id"
    " WHERE x.legacy_key = l.legacy_key",
}
ACTIVE = (
    "(x.is_active OR x.merged_into_id IS NOT NULL AND l.active = 'Y')"  # a merged record is active no more
)
# Each measure: which staged rows count, and the condition on the live row that must say the same.
COUNTED = (
    ("active_students", "01", "l.active = 'Y'", ACTIVE),
    ("official_ieps", "08", "l.status = 'OFF'", "x.status IN ('OFFICIAL', 'OFFICIAL_INCOMPLETE')"),
    ("drafts", "08", "l.status = 'DRF'", "x.status = 'DRAFT'"),
    ("open_services", "07", "l.end_date IS NULL", "x.last_day IS NULL"),
    (
        "evaluations_in_progress",
        "04",
        "l.dissemination_date IS NULL AND l.outcome = ''",
        "x.dissemination_date IS NULL AND x.outcome = ''",
    ),
)
WRITTEN_HERE = {
    code: written_here(table, "x")
    for code, table in {
        "01": "students_student", "04": "evaluations_evaluation", "07": "ieps_service", "08": "ieps_iep",
    }.items()
}  # fmt: skip
# The parts of such a record stand as somebody left them: what is not among them was left out by that person.
_OF_EVALUATION = (
    "SELECT FROM evaluations_evaluation x WHERE x.source = 'LEGACY_SER' AND x.legacy_key = l.owner"
    f" AND {WRITTEN_HERE['04']}"
)
_OF_IEP = (
    "SELECT FROM ieps_iep x WHERE x.source = 'LEGACY_SER' AND x.legacy_key = {owner}"
    f" AND {WRITTEN_HERE['08']}"
)
LEFT_OUT_HERE = {
    "05": _OF_EVALUATION,
    TEXT: _OF_IEP.format(owner="l.iep_key"),
    "10": _OF_IEP.format(owner="l.owner"),
    "11": _OF_IEP.format(owner="l.owner"),
}

# Who answers by the live records: the district of the span that the extract says answers. Where that span was
# not loaded, or the child was merged since, there is nothing to compare.
ANSWERING = f"""
DROP TABLE IF EXISTS staging.answering;
CREATE UNLOGGED TABLE staging.answering AS
SELECT p.student, CASE WHEN p.loaded AND s.id IS NOT NULL AND s.merged_into_id IS NULL
                       THEN coalesce(d.code, '{NO_DISTRICT}') ELSE p.sponsor_code END AS sponsor_code
FROM staging.responsible p
LEFT JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = p.student
LEFT JOIN students_jurisdiction x
       ON x.source = 'LEGACY_SER' AND x.legacy_key = p.span AND x.student_id = s.id
LEFT JOIN organizations_district d ON d.id = x.district_id;
ANALYZE staging.answering
"""


def count_records(cursor: CursorWrapper, run: LoadRun) -> None:
    """One RecordCount per type, counted in the live tables, the archive and the rejected rows."""
    run.record_counts.all().delete()
    for record_type in record_types().values():
        counted = _counts(cursor, run, record_type)
        RecordCount.objects.create(run=run, record_type=record_type.code, **counted)
    unknown = _one(cursor, "SELECT count(*) FROM staging.line_unknown")
    if unknown:
        RecordCount.objects.create(run=run, record_type=UNKNOWN_TYPE, extracted=unknown, rejected=unknown)


def count_kept(cursor: CursorWrapper, run: LoadRun) -> None:
    """Drafts, rows kept for continuity, and whole students in the archive."""
    run.drafts = _one(cursor, _drafts_sql(run))
    run.continuity = sum(_one(cursor, _continuity_sql(run, record_types()[code])) for code in TAGGED)
    run.archived_students = _one(cursor, PAST if run.dry_run else f"{PAST} AND EXISTS ({ARCHIVED})")
    run.save(update_fields=["drafts", "continuity", "archived_students"])


def _drafts_sql(run: LoadRun) -> str:
    staged = "SELECT count(*) FROM staging.iep_load l WHERE l.status = 'DRF'"
    return staged if run.dry_run else f"{staged} AND EXISTS ({LIVE['08']} AND x.status = 'DRAFT')"


def _continuity_sql(run: LoadRun, record_type: RecordType) -> str:
    staged = f"SELECT count(*) FROM staging.{record_type.table}_load l WHERE l.continuity"
    return staged if run.dry_run else f"{staged} AND EXISTS ({LIVE[record_type.code]} AND x.continuity)"


def count_totals(cursor: CursorWrapper) -> dict[str, dict[str, dict[str, int]]]:
    """District code, measure, then `extracted`, `expected` and `live`.

    A record that somebody has written here counts among `live` as the extract has it: that both differ is
    what its line in the list of kept records says, and no loss.
    """
    cursor.execute(ANSWERING)
    totals: dict = defaultdict(
        lambda: {measure: dict.fromkeys(("extracted", "expected", "live"), 0) for measure in MEASURES}
    )
    for measure, code, staged, live in COUNTED:
        table = record_types()[code].table
        rows = f"(SELECT * FROM staging.{table} r JOIN staging.{table}_fate f USING (line)) l"
        for clock, source, condition in (
            ("extracted", rows, staged),
            ("expected", rows, f"{staged} AND l.fate = 'migrated'"),
            ("live", f"staging.{table}_load l", f"EXISTS ({LIVE[code]} AND {_as_left(code, staged, live)})"),
        ):
            answers = "answering" if clock == "live" else "responsible"
            for district, number in _by_district(cursor, source, condition, answers):
                totals[district][measure][clock] = number
    return dict(sorted(totals.items()))


def _as_left(code: str, staged: str, live: str) -> str:
    """The live row's condition; of one that somebody has written here, what the extract says."""
    return (
        f"CASE WHEN ({live}) IS DISTINCT FROM ({staged}) AND {WRITTEN_HERE[code]}"
        f" THEN {staged} ELSE {live} END"
    )


def note_differences(run: LoadRun) -> int:
    """A fatal finding for every account that does not close; how many there are."""
    run.findings.filter(record_type="run").delete()
    broken = [
        _finding(run, "DQ-100", count.record_type, f"{count.difference:,} unaccounted for")
        for count in run.record_counts.all()
        if count.difference
    ]
    for district, measures in run.control_totals.items():
        broken += [
            _finding(
                run,
                "DQ-102",
                district,
                f"{MEASURES[name]}: {at['expected']:,} expected, {at['live']:,} found",
            )
            for name, at in measures.items()
            if at["expected"] != at["live"]
        ]
    Finding.objects.bulk_create(broken)
    return len(broken)


def _counts(cursor: CursorWrapper, run: LoadRun, record_type: RecordType) -> dict[str, int]:
    counted = {
        "extracted": _one(cursor, f"SELECT count(*) FROM staging.line_{record_type.code}"),
        "rejected": run.rejected_rows.filter(record_type=record_type.code).count(),
    }
    if run.dry_run:
        return {**counted, **_to_become(cursor, record_type)}
    counted["archived"] = _one(cursor, _archived_sql(record_type))
    counted["migrated"] = _one(cursor, _migrated_sql(record_type, f"EXISTS ({LIVE[record_type.code]})"))
    is_short = counted["extracted"] > counted["rejected"] + counted["archived"] + counted["migrated"]
    if is_short and (written := LEFT_OUT_HERE.get(record_type.code)):
        left_out = f"NOT EXISTS ({LIVE[record_type.code]}) AND EXISTS ({written})"
        counted["migrated"] += _one(cursor, _migrated_sql(record_type, left_out))
    return counted


def _to_become(cursor: CursorWrapper, record_type: RecordType) -> dict[str, int]:
    """What the load would give: by the fates alone."""
    table = record_type.table
    return {
        fate: _one(cursor, f"SELECT count(*) FROM staging.{table}_fate WHERE fate = '{fate}'")
        for fate in ("migrated", "archived")
    }


def _migrated_sql(record_type: RecordType, condition: str) -> str:
    if record_type.code == TEXT:
        return f"SELECT coalesce(sum(l.lines), 0) FROM staging.text_load l WHERE {condition}"
    return f"SELECT count(*) FROM staging.{record_type.table}_load l WHERE {condition}"


def _archived_sql(record_type: RecordType) -> str:
    """Archived rows of this extract that the archive really holds."""
    if record_type.code == TEXT:
        rows = "staging.text_field r JOIN staging.iep_fate f ON f.key = r.iep_key AND f.root IS NULL"
        key, number = "r.key", "coalesce(sum(r.lines), 0)"
    else:
        rows = f"staging.{record_type.table} r JOIN staging.{record_type.table}_fate f USING (line)"
        key, number = "r.key || CASE WHEN r.copy > 1 THEN '#' || r.copy ELSE '' END", "count(*)"
    return (
        f"SELECT {number} FROM {rows} JOIN ser_rollover_archivedrecord a"
        f" ON a.record_type = '{record_type.code}' AND a.legacy_key = {key} WHERE f.fate = 'archived'"
    )


def _by_district(cursor: CursorWrapper, rows: str, condition: str, answers: str) -> list[tuple[str, int]]:
    cursor.execute(
        f"SELECT coalesce(p.sponsor_code, '{NO_DISTRICT}'), count(*) FROM {rows}"
        f" LEFT JOIN staging.{answers} p ON p.student = l.student WHERE {condition} GROUP BY 1"
    )
    return cursor.fetchall()


def _finding(run: LoadRun, rule: str, key: str, value: str) -> Finding:
    return Finding(run=run, rule=rule, severity="fatal", record_type="run", key=key, value=value)


def _one(cursor: CursorWrapper, sql: str) -> int:
    cursor.execute(sql)
    return int(cursor.fetchone()[0])
