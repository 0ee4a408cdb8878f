"""The deadlines of special education, by state, each with its source."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

DEADLINES_CSV = Path(__file__).parent / "deadlines.csv"


class Certainty(StrEnum):
    """How far the row was checked against its source."""

    VERIFIED = "verified"
    PARTLY = "partly verified"
    SECONDARY = "secondary source"
    TO_BE_CHECKED = "to be checked"
    PROPOSED = "proposed"


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """`length` counts in the days that `clock` names, from `starts_with`; negative lengths are before it."""

    KEY: ClassVar = ("deadline",)

    deadline: str
    name: str
    starts_with: str
    length: str
    clock: str
    met_when: str
    applies_to: str
    certainty: Certainty
    authority: str
    louisiana: str = ""
    dc: str = ""
    wisconsin: str = ""
    exceptions: str = ""
    first_day: date | None = None
    last_day: date | None = None


@cache
def deadlines() -> tuple[Deadline, ...]:
    return read_table(DEADLINES_CSV, Deadline)


@cache
def deadline(number: str) -> Deadline | None:
    """One deadline by its number, such as D02."""
    return next((row for row in deadlines() if row.deadline == number), None)
