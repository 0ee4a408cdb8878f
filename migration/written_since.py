"""What was written to the records of students since the go-live, counted by kind (RLO-18)."""

# ruff: noqa: S608  the names of tables come from our own models and rules

from django.apps import apps
from django.db import connection

from migration.models import RolloverCalendar
from security.rules.guarded_tables import Mode, guarded_tables

# A row keeps the lower half of the number of the transaction that wrote it; how long ago that was gives the
# whole number, and the go-live has noted which numbers were over then.
SINCE = (
    "age(xmin) < 2147483647 AND NOT pg_visible_in_snapshot("
    "(pg_current_xact_id()::text::bigint - age(xmin))::text::xid8, %s::pg_snapshot)"
)
# The audit finds and clears by itself every night: only what a person said about a finding was written.
ONLY = {"enrollment_finding": "explained <> ''"}


def written_since(calendar: RolloverCalendar) -> dict[str, int]:
    """How many writes by kind, in the words of security/rules/guarded_tables.csv; kinds without any left out.

    Where history is kept, every insert, change and removal; elsewhere the rows that were made or changed.
    Known by the number of the transaction that wrote: none that was over at the go-live. Looks through whole
    tables: for operators.
    """
    histories = _histories()
    guarded = [row for row in guarded_tables() if row.mode == Mode.GUARDED]
    counted = {row.why: _count(calendar, histories.get(row.table, row.table)) for row in guarded}
    return {kind: number for kind, number in counted.items() if number}


def _count(calendar: RolloverCalendar, table: str) -> int:
    sql = f"SELECT count(*) FROM {table} WHERE {SINCE} AND {ONLY.get(table, 'true')}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [calendar.writes_until])
        return int(cursor.fetchone()[0])


def _histories() -> dict[str, str]:
    """The history table of each table that has one."""
    return {
        model.pgh_tracked_model._meta.db_table: model._meta.db_table
        for model in apps.get_models()
        if hasattr(model, "pgh_tracked_model")
    }
