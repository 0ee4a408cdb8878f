"""Which tables view-only mode guards, and why the others that bear students are exempt (RLO-03 to RLO-05)."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

GUARDED_TABLES_CSV = Path(__file__).parent / "guarded_tables.csv"


class Mode(StrEnum):
    GUARDED = "guarded"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class GuardedTableRow:
    """A table with row-level security. `why`: what is kept there, or why it is written in view-only mode."""

    KEY: ClassVar = ("table",)

    table: str
    mode: Mode
    why: str
    authority: str


@cache
def guarded_tables() -> tuple[GuardedTableRow, ...]:
    return read_table(GUARDED_TABLES_CSV, GuardedTableRow)


def names_of(mode: Mode) -> list[str]:
    return [row.table for row in guarded_tables() if row.mode == mode]
