"""How a line of the extract is written: `layout.csv`, one row per field."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

LAYOUT_CSV = Path(__file__).parent / "layout.csv"
HEADER, TRAILER = "HD", "TR"
LAYOUT_VERSION, SYSTEM = "0100", "LEGSER"


class Format(StrEnum):
    TEXT = "A"
    NUMBER = "N"
    DAY = "MMDDYYYY"
    INSTANT = "YYYYMMDDHHMMSS"


class Required(StrEnum):
    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"


@dataclass(frozen=True)
class Field:
    """One field: `start` counts from 1, `length` is in bytes."""

    KEY: ClassVar = ("record_type", "field")

    record_type: str
    record_name: str
    seq: int
    field: str
    start: int
    length: int
    format: Format
    required: Required
    code_set: str | None
    target: str | None
    validation: str | None
    authority: str

    @property
    def column(self) -> str:
        return self.field.lower()

    def cut(self, line: str) -> str:
        """The field's characters in a line of its record type."""
        return line[self.start - 1 : self.start - 1 + self.length]


@cache
def layouts() -> dict[str, tuple[Field, ...]]:
    """The fields of each record type, in the order of the line."""
    rows = read_table(LAYOUT_CSV, Field)
    return {code: tuple(fields) for code, fields in groupby(rows, key=lambda row: row.record_type)}


@cache
def line_lengths() -> dict[bytes, int]:
    """The length in bytes of a line of each record type, without its end of line."""
    return {code.encode(): fields[-1].start + fields[-1].length - 1 for code, fields in layouts().items()}


def field_of(record_type: str, name: str) -> Field:
    """Raises KeyError for a field that the layout does not have."""
    return {field.field: field for field in layouts()[record_type]}[name]
