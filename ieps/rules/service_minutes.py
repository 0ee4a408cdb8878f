"""How many minutes a week a service takes, and how many of them outside the regular class."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import ClassVar

from ieps.rules.codes import CodeSet, LocationRow, RecipientRow, codes
from rulebook.tables import read_table

WEEKS_CSV = Path(__file__).parent / "service_weeks.csv"
ZERO = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Weeks:
    """Sessions counted by this period come `times` in `weeks` weeks of school."""

    KEY: ClassVar = ("period",)

    period: str
    times: int
    weeks: int
    authority: str
    note: str = ""


@dataclass(frozen=True)
class ServiceLine:
    """One line of the services of an IEP; codes of service_locations, service_recipients, service_periods."""

    minutes: int
    sessions: int
    per: str
    location: str
    recipient: str

    @property
    def a_week(self) -> Fraction:
        """Minutes in a week of school."""
        row = weeks()[self.per]
        return Fraction(self.minutes * self.sessions * row.times, row.weeks)

    @property
    def is_outside(self) -> bool:
        """Whether it takes the student out of the regular class."""
        return self.takes_the_student and in_regular_class(self.location) is False

    @property
    def is_open(self) -> bool:
        """Whether no source says if it is inside the regular class or outside."""
        return self.takes_the_student and in_regular_class(self.location) is None

    @property
    def takes_the_student(self) -> bool:
        """A service that a teacher or a parent receives takes no time of the student."""
        return takes_part(self.recipient)


@cache
def weeks() -> dict[str, Weeks]:
    return {row.period: row for row in read_table(WEEKS_CSV, Weeks)}


@cache
def in_regular_class(location: str) -> bool | None:
    """False for a location that is in no table."""
    rows = (row for row in codes(CodeSet.SERVICE_LOCATION) if isinstance(row, LocationRow))
    return next((row.in_regular_class for row in rows if row.code == location), False)


@cache
def takes_part(recipient: str) -> bool:
    rows = (row for row in codes(CodeSet.SERVICE_RECIPIENT) if isinstance(row, RecipientRow))
    return any(row.student_takes_part for row in rows if row.code == recipient)


def outside(lines: Iterable[ServiceLine]) -> Fraction:
    """Minutes a week outside the regular class."""
    return sum((line.a_week for line in lines if line.is_outside), ZERO)


def inside(lines: Iterable[ServiceLine]) -> Fraction:
    """Minutes a week of service to the student in the regular class or program."""
    of_the_student = [line for line in lines if line.takes_the_student]
    return sum((line.a_week for line in of_the_student if not line.is_outside), ZERO)
