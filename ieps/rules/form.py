"""The IEP form: its sections and fields."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

SECTIONS_CSV = Path(__file__).parent / "iep_sections.csv"
FIELDS_CSV = Path(__file__).parent / "iep_fields.csv"


class Required(StrEnum):
    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, kw_only=True)
class Section:
    """`repeats`: one for each area of need. `condition`: when an optional section belongs to the IEP."""

    KEY: ClassVar = ("section",)

    section: str
    place_in_order: int
    title: str
    optional: bool
    repeats: bool
    authority: str
    condition: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. `type` is text, date, bool, int, decimal, `code:<set>` or a `table[columns]`."""

    KEY: ClassVar = ("subsection", "field")

    section: str
    subsection: str
    subsection_title: str
    field: str
    label: str
    type: str
    required: Required
    read_only: bool
    authority: str
    condition: str = ""
    hint: str = ""

    @property
    def code_sets(self) -> tuple[str, ...]:
        """The code sets that the values come from; none for other types."""
        return tuple(self.type.removeprefix("code:").split("|")) if self.type.startswith("code:") else ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a table field; none for other types."""
        inside = self.type.removeprefix("table").strip("[]")
        return tuple(part.strip() for part in inside.split(",") if part.strip()) if self.is_table else ()

    @property
    def is_table(self) -> bool:
        return self.type.startswith("table")


@cache
def sections() -> tuple[Section, ...]:
    """The sections in the order of the form."""
    return tuple(sorted(read_table(SECTIONS_CSV, Section), key=lambda row: row.place_in_order))


@cache
def fields() -> tuple[Field, ...]:
    return read_table(FIELDS_CSV, Field)


@cache
def fields_of(section: str) -> tuple[Field, ...]:
    """The fields of a section in the order of the form; none for an unknown section."""
    return tuple(row for row in fields() if row.section == section)
