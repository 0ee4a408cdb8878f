"""The IEP form of a state: its sections, fields, and the columns of its tables."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar, TypeVar

from rulebook.tables import read_table

Kind = TypeVar("Kind", "Section", "Field")
HERE = Path(__file__).parent
FORMS_CSV = HERE / "iep_forms.csv"
SECTIONS_CSV = HERE / "iep_sections.csv"
FIELDS_CSV = HERE / "iep_fields.csv"
COLUMNS_CSV = HERE / "iep_columns.csv"


class Required(StrEnum):
    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, kw_only=True)
class Form:
    """Another state's form is rows of its own in these tables. No `states`: for every other state."""

    KEY: ClassVar = ("form",)

    form: str
    title: str
    authority: str
    states: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """`repeats`: one for `each` area of need. An optional one belongs to the IEP when its condition is true
    (`when`, a name of conditions.py), or when somebody adds it. No `categories`: for every one."""

    KEY: ClassVar = ("form", "section")

    form: str
    section: str
    place_in_order: int
    title: str
    optional: bool
    repeats: bool
    authority: str
    when: str = ""
    condition: str = ""
    each: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. `type`: text, line, date, bool, int, decimal, site, `code:<set>`, files, a table with
    columns of its own, or two with a plus between them, such as `bool+text`: yes with an explanation.

    `when` names the condition (conditions.py) under which a conditional one is required.
    """

    KEY: ClassVar = ("form", "subsection", "field")

    form: str
    section: str
    subsection: str
    subsection_title: str
    field: str
    label: str
    type: str
    required: Required
    read_only: bool
    authority: str
    when: str = ""
    condition: str = ""
    hint: str = ""
    categories: tuple[str, ...] = ()

    @property
    def is_table(self) -> bool:
        return self.type == "table"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table field; types as of fields, and `goal`: one of the annual goals."""

    KEY: ClassVar = ("form", "subsection", "field", "column")

    form: str
    subsection: str
    field: str
    column: str
    label: str
    type: str
    required: bool
    authority: str


@cache
def forms() -> tuple[Form, ...]:
    return read_table(FORMS_CSV, Form)


@cache
def form_called(form: str) -> Form:
    """Raises KeyError for a form that no table has."""
    return {row.form: row for row in forms()}[form]


@cache
def form_of(state: str) -> Form:
    """The form that a state (by its code) has for new IEPs."""
    own = [row for row in forms() if state in row.states]
    return (own or [row for row in forms() if not row.states])[0]


@cache
def sections(form: str, category: str = "") -> tuple[Section, ...]:
    """The sections in the order of the form; of one category, or of all."""
    rows = [row for row in read_table(SECTIONS_CSV, Section) if row.form == form]
    return tuple(sorted(_for(rows, category), key=lambda row: row.place_in_order))


@cache
def fields_of(form: str, section: str, category: str = "") -> tuple[Field, ...]:
    """The fields of a section in the order of the form; none for an unknown section."""
    rows = [row for row in read_table(FIELDS_CSV, Field) if (row.form, row.section) == (form, section)]
    return tuple(_for(rows, category))


@cache
def columns_of(form: str, subsection: str, field: str) -> tuple[Column, ...]:
    place = (form, subsection, field)
    rows = read_table(COLUMNS_CSV, Column)
    return tuple(row for row in rows if (row.form, row.subsection, row.field) == place)


def _for(rows: list[Kind], category: str) -> list[Kind]:
    return [row for row in rows if not category or not row.categories or category in row.categories]
