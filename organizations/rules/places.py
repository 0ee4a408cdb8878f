"""Grades and kinds of sites."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

GRADES_CSV = Path(__file__).parent / "grades.csv"
SITE_KINDS_CSV = Path(__file__).parent / "site_kinds.csv"


class SiteKind(StrEnum):
    PUBLIC = "public"
    NONPUBLIC = "nonpublic"
    EARLY_CHILDHOOD = "early_childhood"


@dataclass(frozen=True)
class GradeRow:
    """A grade; `level` is 1 to 12 where the grade is one of the twelve school grades."""

    KEY: ClassVar = ("grade",)

    grade: str
    name: str
    place_in_order: int
    authority: str
    level: int | None = None
    powerschool: str = ""
    note: str = ""


@dataclass(frozen=True)
class SiteKindRow:
    KEY: ClassVar = ("kind",)

    kind: SiteKind
    name: str
    rolls_up: bool
    authority: str
    note: str = ""


@cache
def grades() -> tuple[GradeRow, ...]:
    """All grades, youngest first."""
    return tuple(sorted(read_table(GRADES_CSV, GradeRow), key=lambda row: row.place_in_order))


@cache
def grade_level(grade: str) -> int | None:
    """1 to 12; None before first grade, for ungraded students and for an unknown code."""
    return next((row.level for row in grades() if row.grade == grade), None)


@cache
def site_kinds() -> tuple[SiteKindRow, ...]:
    return read_table(SITE_KINDS_CSV, SiteKindRow)
