"""The statements of a load, from `loads/`: a new row is written, one that changed is brought up to date.

A row that says what is here already is not touched: no new version of it, nothing in its history.
"""

import re
from functools import cache
from pathlib import Path

from migration.rules.findings import bits

LOADS = Path(__file__).parent / "loads"
AGAIN = "_again"
# What the first load says and no later one: keys, and what belongs to our own side of the record.
ONLY_AT_FIRST = {
    "source", "legacy_key", "edfi_id", "part_c_history", "referral_reason", "summary", "delay_reason",
    "late_reason", "not_enrolled", "lock_version", "form", "added_sections", "why", "per", "location",
    "table", "place", "added_at", "created_at",
}  # fmt: skip
# Written with a change, and no change by themselves.
COMES_ALONG = frozenset({"load_run_id", "version", "saved_at", "modified_at", "line_id"})
_UPSERT = re.compile(
    r"INSERT INTO (?P<table>\w+) \((?P<columns>[^)]*)\)(?P<rows>[^;]*?)"
    r"ON CONFLICT \((?P<key>[^)]*)\)(?P<where>[^{]*)\{update_what_changed\}",
    re.DOTALL,
)


@cache
def load_statements(*, again: bool) -> tuple[str, ...]:
    """In the order of the types; `again`: with those that only a later extract needs."""
    paths = sorted(path for path in LOADS.glob("[0-9]*.sql") if again or not path.stem.endswith(AGAIN))
    return tuple(_UPSERT.sub(_upsert, _with_masks(path.read_text())) for path in paths)


def _with_masks(sql: str) -> str:
    masks = {
        "contested": ("DQ-021", "DQ-022", "DQ-024"),
        "unknown_provider": ("DQ-052",),
        "incomplete": ("DQ-060",),
        "unlinked": ("DQ-090",),
    }
    for name, rules in masks.items():
        sql = sql.replace(f"{{{name}}}", str(sum(bits()[rule] for rule in rules)))
    return sql


def _upsert(found: re.Match[str]) -> str:
    """The statement with an update of the columns that differ, and of no row whose columns all agree.

    A row that somebody has written here since it was loaded stays as that person left it.
    """
    table, columns = found["table"], [name.strip(' "\n') for name in found["columns"].split(",")]
    keys = {name.strip() for name in found["key"].split(",")}
    written = [name for name in columns if name not in keys | ONLY_AT_FIRST]
    compared = [name for name in written if name not in COMES_ALONG]
    here, there = (", ".join(f"{whose}.{name}" for name in compared) for whose in (table, "excluded"))
    return (
        f"INSERT INTO {table} ({found['columns']}){found['rows']}"
        f"ON CONFLICT ({found['key']}){found['where']}DO UPDATE SET"
        f" {', '.join(_set(table, name) for name in written)} WHERE ({here}) IS DISTINCT FROM ({there})"
        f"{_as_loaded(table) if 'original_modified_at' in columns else ''}"
    )


def _as_loaded(table: str) -> str:
    return f" AND {table}.modified_at = {table}.original_modified_at"


def _set(table: str, name: str) -> str:
    return f"version = {table}.version + 1" if name == "version" else f"{name} = excluded.{name}"
