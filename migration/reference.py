"""What the checks compare with: the moment of the run, code sets, and places, as small staged tables."""

from dataclasses import asdict
from typing import Any

from django.db.backends.utils import CursorWrapper

from migration.models import LoadRun
from migration.rules import records
from rulebook.tables import read_table

CODE_SETS = {
    "grade": (
        records.GRADES_CSV,
        records.Grade,
        "code text, label text, lowest_age int, highest_age int, before_kindergarten boolean, authority text",
    ),
    "environment": (
        records.ENVIRONMENTS_CSV,
        records.Environment,
        "code text, label text, early_childhood boolean, school_age boolean, lowest_share int,"
        " highest_share int, authority text",
    ),
    "legacy_code": (
        records.LEGACY_CODES_CSV,
        records.LegacyCode,
        "code_set text, legacy_code text, code text, label text, authority text",
    ),
}

# A site belongs to its district while it is open, and to the district that oversees it for that time.
PLACES = """
CREATE UNLOGGED TABLE staging.place AS
SELECT d.code AS sponsor_code, s.code AS site_code,
       coalesce(s.first_day, '-infinity') AS first_day, coalesce(s.last_day, 'infinity') AS last_day
FROM organizations_site s JOIN organizations_district d ON d.id = s.district_id
WHERE s.state_id = %(state)s
UNION ALL
SELECT d.code, s.code, a.first_day, coalesce(a.last_day, 'infinity')
FROM organizations_siteaffiliation a
JOIN organizations_site s ON s.id = a.site_id
JOIN organizations_district d ON d.id = a.district_id
WHERE s.state_id = %(state)s
"""

CUTOVER = """
CREATE UNLOGGED TABLE staging.cutover AS
SELECT %(run)s::bigint AS run_id, %(state)s::bigint AS state_id, %(zone)s::text AS time_zone,
       %(freeze)s::timestamp AS freeze, %(cut)s::date AS cut, %(september_30)s::date AS september_30
"""
# A place is looked up for every span; without their numbers the planner takes these tables for long ones.
COUNTED = """
CREATE INDEX ON staging.place (site_code, sponsor_code);
ANALYZE staging.place, staging.district, staging.cutover, staging.grade, staging.environment,
    staging.legacy_code
"""


def lay_out(cursor: CursorWrapper, run: LoadRun, cutover: records.Cutover) -> None:
    """Fills `staging.cutover`, the code sets, `staging.place` and `staging.district`."""
    at = {"run": run.pk, "state": run.of_state_id, "zone": run.of_state.time_zone, **_days(cutover)}
    cursor.execute(CUTOVER, at)
    cursor.execute(PLACES, at)
    cursor.execute(
        "CREATE UNLOGGED TABLE staging.district AS"
        " SELECT id, code FROM organizations_district WHERE state_id = %(state)s",
        at,
    )
    for name, (path, row_type, columns) in CODE_SETS.items():
        _fill(cursor, name, columns, [asdict(row) for row in read_table(path, row_type)])
    cursor.execute(COUNTED)


def is_laid_out_for(cursor: CursorWrapper, run: LoadRun) -> bool:
    """Does the staging area still hold this run? After a crash of the database all its tables are empty."""
    if not exists(cursor, "staging.cutover"):
        return False
    cursor.execute("SELECT EXISTS (SELECT FROM staging.cutover WHERE run_id = %s)", [run.pk])
    return cursor.fetchone()[0]


def exists(cursor: CursorWrapper, table: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
    return cursor.fetchone()[0]


def _days(cutover: records.Cutover) -> dict[str, Any]:
    return {"freeze": cutover.freeze, "cut": cutover.cut, "september_30": cutover.september_30}


def _fill(cursor: CursorWrapper, name: str, columns: str, rows: list[dict[str, Any]]) -> None:
    cursor.execute(f"CREATE UNLOGGED TABLE staging.{name} ({columns})")
    with cursor.copy(f"COPY staging.{name} ({', '.join(rows[0])}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(list(row.values()))
