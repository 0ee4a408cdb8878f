"""The layout of a feed, and when a feed is too strange to load without a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

FEED_LAYOUT_CSV = Path(__file__).parent / "feed_layout.csv"
OWN = "own"
FEWEST_HELD = 10  # exits: a share of very few students says nothing


class FeedRefused(ValueError):
    """The file as a whole is not taken; the message says why and what to do."""


class Does(StrEnum):
    """What a row of a feed does; MISSING is what stands here open and not in the file."""

    NEW = "new"
    ATTENDS = "attends"
    CHANGED = "changed"
    EXIT = "exit"
    SAME = "same"
    REFUSED = "refused"
    MISSING = "missing"


class Format(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    SEX = "sex"
    GRADE = "grade"
    SCHOOL = "school"
    ENTRY_CODE = "entry code"
    EXIT_CODE = "exit code"


@dataclass(frozen=True)
class LayoutRow:
    """A column of a file; `most` is its length in characters."""

    KEY: ClassVar = ("file", "column")

    file: str
    column: str
    meaning: str
    required: bool
    format: Format
    most: int
    authority: str
    note: str = ""


@cache
def layout(file: str = OWN) -> tuple[LayoutRow, ...]:
    """The columns of one file, in the order in which a sample writes them."""
    return tuple(row for row in read_table(FEED_LAYOUT_CSV, LayoutRow) if row.file == file)


@cache
def files() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.file for row in read_table(FEED_LAYOUT_CSV, LayoutRow)))


def columns() -> tuple[str, ...]:
    return tuple(row.column for row in layout())


def check_header(header: Sequence[str], file: str = OWN) -> None:
    """Raises FeedRefused for a missing required column or a column that stands twice."""
    where = "The first line" if file == OWN else f"The first line of {file}"
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise FeedRefused(f"{where} names {', '.join(twice)} twice. Delete one of the two columns.")
    missing = [row.column for row in layout(file) if row.required and row.column not in header]
    if missing:
        raise FeedRefused(f"{where} lacks {', '.join(missing)}. See the data dictionary for every column.")


def why_hold(exits: int, students: int, share: float) -> str | None:
    """A feed that would exit very many is more often a broken export than a true one."""
    if exits < FEWEST_HELD or exits <= share * students:
        return None
    return (
        f"The file would exit {exits:,} of {students:,} students, more than {share:.0%}."
        " A person looks at them first and decides."
    )
