"""A table of the rule book as a person reads it: which rows, which columns, and each cell in words."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from rulebook.registry import RuleTable
from rulebook.tables import fields_of, key_of

MOST_COLUMNS = 5
TITLES = ("meaning", "name", "title", "label", "outcome", "in_words")


@dataclass(frozen=True)
class ReadRow:
    """One row: its key, what it is called, the cells of the other columns, and where it is written."""

    key: str
    title: str
    cells: tuple[tuple[str, str], ...]
    authority: str

    @property
    def filled(self) -> tuple[tuple[str, str], ...]:
        return tuple((column, cell) for column, cell in self.cells if cell)

    def only(self, columns: tuple[str, ...]) -> "ReadRow":
        return replace(self, cells=tuple(cell for cell in self.cells if cell[0] in columns))


@dataclass(frozen=True)
class Reading:
    """A table on one day, as searched. A wide table shows its further columns inside one cell."""

    table: RuleTable
    on: date
    words: str
    rows: tuple[ReadRow, ...]
    columns: tuple[str, ...]
    in_force: int

    @property
    def is_wide(self) -> bool:
        return len(self.columns) > MOST_COLUMNS

    @property
    def not_in_force(self) -> int:
        return len(self.table.rows) - self.in_force


def read(table: RuleTable, on: date, words: str = "") -> Reading:
    """The rows in force on a day in which every word occurs, without the columns that are empty in all."""
    in_force = table.rows_on(on)
    rows = [_read_row(row, table.row_type) for row in in_force if _has(row, words)]
    filled = {column for row in rows for column, _ in row.filled}
    columns = tuple(column for column, _ in (rows[0].cells if rows else ()) if column in filled)
    return Reading(table, on, words, tuple(row.only(columns) for row in rows), columns, len(in_force))


def as_csv(table: RuleTable, on: date, words: str = "") -> str:
    """The same rows as a CSV text with the columns of the table's own file."""
    columns = [field.name for field in fields_of(table.row_type)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in table.rows_on(on):
        if _has(row, words):
            writer.writerow([as_written(getattr(row, column)) for column in columns])
    return text.getvalue()


def as_written(value: Any) -> str:
    """A value as it stands in the file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def column_name(field: str) -> str:
    """A column's name as a head: "leaves_cohort" is "Leaves cohort"."""
    return field.replace("_", " ").capitalize()


def _read_row(row: Any, row_type: type) -> ReadRow:
    key_names = [name for name in getattr(row_type, "KEY", ()) if not name.endswith("_day")]
    title_name = next((name for name in TITLES if hasattr(row, name) and name not in key_names), "")
    apart = {*key_names, title_name, "authority"} | ({"name"} if title_name == "meaning" else set())
    cells = tuple(
        (column_name(field.name), as_written(getattr(row, field.name)))
        for field in fields_of(row_type)
        if field.name not in apart
    )
    key = " ".join(as_written(getattr(row, name)) for name in key_names) or " ".join(map(str, key_of(row)))
    return ReadRow(key, getattr(row, title_name, "") if title_name else "", cells, row.authority)


def _has(row: Any, words: str) -> bool:
    text = " ".join(_all_cells(row)).casefold()
    return all(word in text for word in words.casefold().split())


def _all_cells(row: Any) -> Iterable[str]:
    return (as_written(getattr(row, field.name)) for field in fields_of(type(row)))
