"""What people fill in on a form, with the keys that its texts are kept under.

The key is the field's id; where two parts of a section use the same id, the later one is told apart by its
part (PRG: `narrative` and `ACT.narrative`). A field of two values has two keys (`behavior`, `behavior_text`).
What stands in a line begins with the line (`12.name`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ieps.rules.form import Column, Field, Required, columns_of, fields_of

CHOSEN_AT_THE_BEGINNING = {("GSI", "category"), ("GSI", "type")}  # kept on the IEP itself
NO_TEXT = ("files",)
SECOND = {"text": ("_text", "Explain"), "date": ("_date", "Date")}
OF_A_LINE = re.compile(r"([1-9][0-9]{0,17})\..+", re.DOTALL)
GIVEN_ON = {"bool": "Y", "code:esy_decision": "U"}  # the first value that asks for the second


@dataclass(frozen=True)
class LineAt:
    """One line of a table of an IEP, or one plan of a section that repeats (`table` is empty)."""

    pk: int
    section: str
    table: str = ""
    parent: int | None = None


@dataclass(frozen=True)
class Entry:
    """One control of a section with the key of its text. `required` as things stand."""

    key: str
    part: str
    label: str
    type: str = "text"
    hint: str = ""
    required: bool = False
    field: Field | None = None
    column: Column | None = None
    when: str = ""
    answers_on: tuple[str, str] | None = None

    @property
    def title(self) -> str:
        """The label where it stands alone: "Explain" and the cells of tables say what they belong to."""
        if self.answers_on and self.field:
            return f"{self.field.label}: {self.label.lower()}"
        return f"{self.part}: {self.label.lower()}" if self.column else self.label


@dataclass(frozen=True)
class Grid:
    """A table field: its columns, and its lines with one entry for each column."""

    key: str
    part: str
    label: str
    hint: str
    columns: tuple[Column, ...]
    lines: tuple[tuple[LineAt, tuple[Entry, ...]], ...]
    required: bool = False
    when: str = ""
    parent: int | None = None

    @property
    def table(self) -> str:
        """Its key outside of plans, under which its lines are kept."""
        return self.key.partition(".")[2] if self.parent else self.key


def line_in(key: str) -> int | None:
    """The line that a key begins with, as it is written in one way only: of "012.name" none."""
    found = OF_A_LINE.fullmatch(key)
    return int(found[1]) if found else None


@cache
def items_of(form: str, section: str, category: str = "") -> tuple[Entry | Grid, ...]:
    """What people fill in, by keys without lines, in the order of the form; computed ones left out."""
    taken: set[str] = set()
    items: list[Entry | Grid] = []
    for row in fields_of(form, section):
        key = row.field if row.field not in taken else f"{row.subsection.rpartition('.')[2]}.{row.field}"
        taken.add(row.field)
        if not _is_left_out(row, category):
            items.extend(_items_of(row, key))
    return tuple(items)


def _is_left_out(row: Field, category: str) -> bool:
    other = bool(category and row.categories and category not in row.categories)
    at_the_beginning = (row.section, row.field) in CHOSEN_AT_THE_BEGINNING
    return other or at_the_beginning or row.read_only or row.type in NO_TEXT


def _items_of(row: Field, key: str) -> Iterator[Entry | Grid]:
    hint = ". ".join(filter(None, (row.condition and f"If: {row.condition}", row.hint)))
    required = row.required is Required.YES
    if row.is_table:
        columns = columns_of(row.form, row.subsection, row.field)
        yield Grid(key, row.subsection_title, row.label, hint, columns, (), required, row.when)
        return
    if row.type == "date range":
        yield Entry(
            f"{key}_first", row.subsection_title, f"{row.label}: first day", "date", hint, required, row
        )
        yield Entry(f"{key}_last", row.subsection_title, f"{row.label}: last day", "date", "", required, row)
        return
    first, _, second = row.type.partition("+")
    entry = Entry(key, row.subsection_title, row.label, first, hint, required, row, when=row.when)
    yield entry
    if second:
        suffix, label = SECOND[second]
        asked = (key, GIVEN_ON[first])
        yield Entry(f"{key}{suffix}", entry.part, label, second, "", False, row, answers_on=asked)
