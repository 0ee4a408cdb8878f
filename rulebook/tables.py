"""Reads the tables that a domain expert reads: a CSV file into rows of a frozen dataclass.

A row type is a frozen dataclass whose fields are the columns of the file, in any order. Its `KEY` names the
columns that may not occur twice together. Every row has an `authority`; a row that can be retired has
`first_day` and `last_day`.
"""

import csv
import dataclasses
import enum
import types
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Row = TypeVar("Row")
PROJECT = Path(__file__).resolve().parent.parent


class BadTable(ValueError):
    """A table of the rule book cannot be read; the message names file, line and column."""


def read_table(path: Path, row_type: type[Row]) -> tuple[Row, ...]:
    """All rows of a UTF-8 CSV file, in file order, read once. Raises BadTable at the first bad cell."""
    columns: Any = row_type
    return _read_once(path, columns)


@cache
def _read_once(path: Path, row_type: Any) -> tuple[Any, ...]:
    rows = tuple(row for _, row in _numbered_rows(path, row_type))
    if not rows:
        raise BadTable(f"{_name(path)}: has no rows")
    return rows


def in_force(rows: Iterable[Row], on: date) -> tuple[Row, ...]:
    """The rows that are valid on a day; an open end on either side is always."""
    return tuple(row for row in rows if _begun(row, on) and not _ended(row, on))


def _begun(row: object, on: date) -> bool:
    first_day = getattr(row, "first_day", None)
    return first_day is None or first_day <= on


def _ended(row: object, on: date) -> bool:
    last_day = getattr(row, "last_day", None)
    return last_day is not None and last_day < on


def _numbered_rows(path: Path, row_type: type[Row]) -> Iterator[tuple[int, Row]]:
    seen: dict[tuple[object, ...], int] = {}
    wanted, name = get_type_hints(row_type), _name(path)
    for line, cells in _numbered_cells(path, row_type):
        row = _row(f"{name}, line {line}", cells, row_type, wanted)
        key = key_of(row)
        if key in seen:
            written = ", ".join(str(part) for part in key)
            raise BadTable(f"{name}, line {line}: {written} stands already on line {seen[key]}")
        seen[key] = line
        yield line, row


def _numbered_cells(path: Path, row_type: type) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        _check_columns(path, list(reader.fieldnames or []), [f.name for f in fields_of(row_type)])
        for cells in reader:
            if None in cells or None in cells.values():
                raise BadTable(f"{_name(path)}, line {reader.line_num}: has more or fewer cells than columns")
            yield reader.line_num, {column: cell.strip() for column, cell in cells.items()}


def _check_columns(path: Path, written: list[str], expected: list[str]) -> None:
    if "authority" not in expected:
        raise BadTable(f"{_name(path)}: its row type has no authority")
    if missing := [column for column in expected if column not in written]:
        raise BadTable(f"{_name(path)}, line 1: missing column {', '.join(missing)}")
    if unknown := [column for column in written if column not in expected]:
        raise BadTable(f"{_name(path)}, line 1: unknown column {', '.join(unknown)}")
    if len(set(written)) < len(written):
        raise BadTable(f"{_name(path)}, line 1: a column is written twice")


def _row(where: str, cells: dict[str, str], row_type: type[Row], wanted: dict[str, Any]) -> Row:
    values = {}
    for field in fields_of(row_type):
        try:
            values[field.name] = _value(cells[field.name], wanted[field.name], field)
        except ValueError as wrong:
            raise BadTable(f"{where}, column {field.name}: {wrong}") from wrong
    return row_type(**values)


def _value(cell: str, wanted: Any, field: dataclasses.Field[Any]) -> Any:
    inner, optional = _without_none(wanted)
    if cell:
        return _converter(inner)(cell)
    if field.default is not dataclasses.MISSING:
        return field.default
    if optional:
        return None
    if get_origin(inner) is tuple:
        return ()
    raise ValueError("is empty")


def _without_none(wanted: Any) -> tuple[Any, bool]:
    if not isinstance(wanted, types.UnionType):
        return wanted, False
    (inner,) = (part for part in get_args(wanted) if part is not types.NoneType)
    return inner, True


@cache
def _converter(wanted: Any) -> Callable[[str], Any]:
    if get_origin(wanted) is tuple:
        return lambda cell: tuple(part.strip() for part in cell.split(";") if part.strip())
    if isinstance(wanted, type) and issubclass(wanted, enum.StrEnum):
        return lambda cell: _member(cell, wanted)
    plain: dict[type, Callable[[str], Any]] = {
        str: str,
        int: _whole_number,
        Decimal: _number,
        bool: _yes_or_no,
        date: _day,
        datetime: _instant,
    }
    return plain[wanted]


def _member(cell: str, wanted: type[enum.StrEnum]) -> enum.StrEnum:
    if cell not in list(wanted):
        raise ValueError(f"{cell!r} is not one of {', '.join(wanted)}")
    return wanted(cell)


def _whole_number(cell: str) -> int:
    try:
        return int(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is not a whole number") from None


def _number(cell: str) -> Decimal:
    try:
        return Decimal(cell)
    except InvalidOperation:
        raise ValueError(f"{cell!r} is not a number") from None


def _yes_or_no(cell: str) -> bool:
    if cell not in ("yes", "no"):
        raise ValueError(f"{cell!r} is not yes or no")
    return cell == "yes"


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is not a day like 2022-09-05") from None


def _instant(cell: str) -> datetime:
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is not a local time like 2022-09-05T00:00:00") from None


def fields_of(row_type: type) -> tuple[dataclasses.Field[Any], ...]:
    """The columns of a table, in the order of its row type."""
    return dataclasses.fields(row_type)


def key_of(row: object) -> tuple[object, ...]:
    """The cells that tell this row from all others of its table."""
    names = getattr(type(row), "KEY", None) or [field.name for field in fields_of(type(row))]
    return tuple(getattr(row, name) for name in names)


def _name(path: Path) -> str:
    resolved = path.resolve()
    return str(resolved.relative_to(PROJECT) if resolved.is_relative_to(PROJECT) else path.name)
