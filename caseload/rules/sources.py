"""Which recorded facts each deadline is counted from; where they are not recorded, a sentence says so."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import BadTable, read_table

SOURCES_CSV = Path(__file__).parent / "sources.csv"


@dataclass(frozen=True, kw_only=True)
class Source:
    """`name` is what is due, in a few words; `begins` names the day that it is counted from.

    `step` is what to do next; without one the deadline is no line of its own among what is due.
    """

    KEY: ClassVar = ("deadline", "part", "first_day")

    deadline: str
    part: str = ""
    name: str = ""
    begins: str = ""
    record: str = ""
    starts: str = ""
    met_by: str = ""
    extended_by: str = ""
    excused_by: str = ""
    answers: str = ""
    step: str = ""
    why_not: str = ""
    first_day: date | None = None
    last_day: date | None = None
    authority: str
    note: str = ""

    def __post_init__(self) -> None:
        if bool(self.record and self.name and self.begins) == bool(self.why_not):
            raise BadTable(f"sources.csv, {self.deadline}: either a record or why there is none")

    @property
    def is_stored(self) -> bool:
        return bool(self.record)


@cache
def sources() -> tuple[Source, ...]:
    return read_table(SOURCES_CSV, Source)


@cache
def source_of(number: str, part: str = "") -> Source | None:
    return next((row for row in sources() if (row.deadline, row.part) == (number, part)), None)


def name_of(number: str, part: str = "") -> str:
    """What is due, in a few words; the number where nothing is said of it."""
    source = source_of(number, part)
    return source.name if source else number


@cache
def listed() -> tuple[str, ...]:
    """The numbers that are a line of their own among what is due."""
    return tuple(dict.fromkeys(row.deadline for row in sources() if row.step))
