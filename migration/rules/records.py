"""The record types, the moment of the freeze, and the legacy code sets that the checks need."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

HERE = Path(__file__).parent
RECORD_TYPES_CSV = HERE / "record_types.csv"
GRADES_CSV = HERE / "grades.csv"
ENVIRONMENTS_CSV = HERE / "environments.csv"
LEGACY_CODES_CSV = HERE / "legacy_codes.csv"
YEARS_KEPT = 7  # RLO-08: "data less than 7 years old will be migrated"


@dataclass(frozen=True)
class RecordType:
    """`csv_file`: its file in the CSV twin, without the ending."""

    KEY: ClassVar = ("code",)

    code: str
    label: str
    table: str
    csv_file: str
    key_columns: tuple[str, ...]
    belongs_to: str | None
    business_date: str
    authority: str


@dataclass(frozen=True)
class Cutover:
    """The freeze by the wall clock of the state, and the day before which closed records are archived."""

    freeze: datetime

    @property
    def cut(self) -> date:
        """A record dated on this day is migrated (RLO-10)."""
        return years_before(self.freeze.date(), YEARS_KEPT)

    @property
    def september_30(self) -> date:
        """The day on which grades and ages are compared, in the school year of the freeze."""
        year = self.freeze.year if self.freeze.month >= 10 else self.freeze.year - 1
        return date(year, 9, 30)


@dataclass(frozen=True)
class Grade:
    KEY: ClassVar = ("code",)

    code: str
    label: str
    lowest_age: int | None
    highest_age: int | None
    before_kindergarten: bool
    authority: str


@dataclass(frozen=True)
class Environment:
    """An LRE code; the shares are per cent of the week in the regular class."""

    KEY: ClassVar = ("code",)

    code: str
    label: str
    early_childhood: bool
    school_age: bool
    lowest_share: int | None
    highest_share: int | None
    authority: str


@dataclass(frozen=True)
class LegacyCode:
    KEY: ClassVar = ("code_set", "legacy_code")

    code_set: str
    legacy_code: str
    code: str
    label: str
    authority: str


@cache
def record_types() -> dict[str, RecordType]:
    return {row.code: row for row in read_table(RECORD_TYPES_CSV, RecordType)}


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; February 29 becomes March 1."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, month=3, day=1)
