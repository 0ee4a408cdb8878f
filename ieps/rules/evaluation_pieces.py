"""Which piece of an evaluation report helps to write which field of the IEP."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

PIECES_CSV = Path(__file__).parent / "from_evaluation.csv"


class ReportPart(StrEnum):
    SUMMARY = "summary"
    COMPONENT = "component"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True)
class ReportPiece:
    """`piece`: a section of the report or an area, empty for every one. `filled_in`: offered as the text."""

    KEY: ClassVar = ("section", "field", "part", "piece")

    section: str
    field: str
    part: ReportPart
    filled_in: bool
    authority: str
    piece: str = ""
    note: str = ""


@cache
def pieces_for(section: str, field: str) -> tuple[ReportPiece, ...]:
    """In the order of the table; `field` as the form names it, without its line."""
    rows = read_table(PIECES_CSV, ReportPiece)
    return tuple(row for row in rows if (row.section, row.field) == (section, field))


@cache
def fields_from_reports(section: str) -> frozenset[str]:
    return frozenset(row.field for row in read_table(PIECES_CSV, ReportPiece) if row.section == section)
