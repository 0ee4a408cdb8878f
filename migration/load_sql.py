"""The statements of a load, from `loads/`: a new row is written, one that changed is brought up to date.

A row that says what is here already is not touched: no new version of it, nothing in its history.
"""

# ruff: noqa: S608  the SQL is built from our own statements and rules, never from what somebody typed

import re
from dataclasses import dataclass
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
SAYS_WHEN = {"students_student", "evaluations_evaluation", "ieps_iep"}
HAS_HISTORY = {
    "students_contact", "students_jurisdiction", "evaluations_exceptionality", "ieps_service", "ieps_line",
    "ieps_sectiontext", "enrollment_specialeducationactivity",
}  # fmt: skip
MASKS = {
    "contested": ("DQ-021", "DQ-022", "DQ-024"),
    "unknown_provider": ("DQ-052",),
    "incomplete": ("DQ-060",),
    "unlinked": ("DQ-090",),
}
_UPSERT = re.compile(
    r"INSERT INTO (?P<table>\w+) \((?P<columns>[^)]*)\)(?P<rows>[^;]*?)"
    r"ON CONFLICT \((?P<key>[^)]*)\)(?P<where>[^{]*)\{update_what_changed\}",
    re.DOTALL,
)


# Of a record that somebody has written here, the load leaves alone what hangs on it too.
AS_LOADED = {
    "evaluation_as_loaded": "e.modified_at = e.original_modified_at",
    "iep_as_loaded": "i.modified_at = i.original_modified_at",
}
LEFT_ALONE_TOO = dict.fromkeys(AS_LOADED, "true")
# Another span that stands answers for one of these days. A first load has none but those that it brings.
CLAIMS = """NOT y.contested AND y.legacy_key IS DISTINCT FROM l.legacy_key
    AND y.first_day <= coalesce(l.end_date, 'infinity')
    AND coalesce(y.last_day, 'infinity') >= l.begin_date"""
CLAIMED_HERE = f"EXISTS (SELECT FROM students_jurisdiction y WHERE y.student_id = k.id AND {CLAIMS})"
# Of a number that was merged: loaded before and moved along, or of a district that does not answer then yet.
NEW_TO_THE_CHILD = f"""EXISTS (SELECT FROM students_jurisdiction x
    WHERE x.source = 'LEGACY_SER' AND x.legacy_key = l.legacy_key) OR NOT EXISTS (
    SELECT FROM students_jurisdiction y WHERE y.student_id = k.id AND y.district_id = d.id AND {CLAIMS})"""


@dataclass(frozen=True)
class Upsert:
    """`rows` is the query of a statement, `key` the columns by which a row is known again."""

    record_type: str
    table: str
    columns: str
    rows: str
    key: str
    where: str

    @property
    def keys(self) -> list[str]:
        return [name.strip() for name in self.key.split(",")]

    @property
    def written(self) -> list[str]:
        names = (name.strip(' "\n') for name in self.columns.split(","))
        return [name for name in names if name not in {*self.keys, *ONLY_AT_FIRST}]

    @property
    def compared(self) -> list[str]:
        return [name for name in self.written if name not in COMES_ALONG]

    def differs(self, here: str, there: str) -> str:
        ours, theirs = (", ".join(f"{whose}.{name}" for name in self.compared) for whose in (here, there))
        return f"({ours}) IS DISTINCT FROM ({theirs})"


@cache
def load_statements(types: frozenset[str], *, again: bool, anew: bool) -> tuple[str, ...]:
    """In the order of the types.

    `again`: with those that only a later extract needs, whatever is in it. `anew`: none of the rows is here
    yet, and none is looked for, which costs a tenth of the load.
    """
    needed = [path for path in _files() if (again if _is_of_later(path) else path.stem[:2] in types)]
    written = _insert if anew else _upsert
    claimed = "false" if anew else CLAIMED_HERE
    conditions = {**AS_LOADED, "claimed_here": claimed}
    return tuple(_UPSERT.sub(written, _filled_in(path, conditions)) for path in needed)


@cache
def upserts() -> tuple[Upsert, ...]:
    """The statements that write rows, with those rows too that the load leaves alone."""
    files = [path for path in _files() if not _is_of_later(path)]
    return tuple(
        Upsert(path.stem[:2], **found.groupdict())
        for path in files
        for found in _UPSERT.finditer(_filled_in(path, {**LEFT_ALONE_TOO, "claimed_here": CLAIMED_HERE}))
    )


def written_here(table: str, row: str) -> str:
    """Has somebody written this row here since the load? A condition on a row of the table.

    Where the row does not say so itself, its history does: the load has left one line there for its run. What
    a later load marks by itself (03_again.sql) is nobody's word.
    """
    if table in SAYS_WHEN:
        return f"{row}.modified_at <> {row}.original_modified_at"
    if table not in HAS_HISTORY:
        return "false"
    return (
        f"(SELECT count(*) FROM {table}event h WHERE h.pgh_obj_id = {row}.id"
        f" AND h.load_run_id = {row}.load_run_id AND h.pgh_context->'rollover' IS NULL) > 1"
    )


def mask_of(name: str) -> int:
    """The bits of the rules behind a name of MASKS, as a staged row has them."""
    return sum(bits()[rule] for rule in MASKS[name])


def _files() -> list[Path]:
    """Of each record type, by its number."""
    return sorted(LOADS.glob("[0-9]*.sql"))


def _is_of_later(path: Path) -> bool:
    return path.stem.endswith(AGAIN)


def _filled_in(path: Path, conditions: dict[str, str]) -> str:
    sql = path.read_text()
    for name in MASKS:
        sql = sql.replace(f"{{{name}}}", str(mask_of(name)))
    for name, condition in conditions.items():
        sql = sql.replace(f"{{{name}}}", condition)
    sql = sql.replace("{new_to_the_child}", NEW_TO_THE_CHILD)
    sql = sql.replace("{jurisdiction_written}", written_here("students_jurisdiction", "x"))
    return sql.replace("{exceptionality_written}", written_here("evaluations_exceptionality", "x"))


def _upsert(found: re.Match[str]) -> str:
    """The statement with an update of the columns that differ, and of no row whose columns all agree.

    A row that somebody has written here since it was loaded stays as that person left it, and is listed by
    `migration.kept`.
    """
    this = Upsert("", **found.groupdict())
    table = this.table
    return (
        f"INSERT INTO {table} ({this.columns}){this.rows}"
        f"ON CONFLICT ({this.key}){this.where}DO UPDATE SET"
        f" {', '.join(_set(table, name) for name in this.written)}"
        f" WHERE {this.differs(table, 'excluded')} AND NOT ({written_here(table, table)})"
    )


def _insert(found: re.Match[str]) -> str:
    return f"INSERT INTO {found['table']} ({found['columns']}){found['rows']}"


def _set(table: str, name: str) -> str:
    return f"version = {table}.version + 1" if name == "version" else f"{name} = excluded.{name}"
