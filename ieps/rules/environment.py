"""The educational environment that follows from the minutes of a week.

School age: the share of the day inside the regular class (LAC 28:XCVII.117.A). Early childhood, 3 to 5 and
not in kindergarten: hours in the regular program, and where most of the services are (EDFacts FS089).
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import ClassVar

from organizations.rules.calendar import birthday
from organizations.rules.places import grades
from rulebook.tables import read_table

HERE = Path(__file__).parent
SHARES_CSV = HERE / "lre_shares.csv"
PROGRAMS_CSV = HERE / "lre_programs.csv"
KINDERGARTEN = "25"
SCHOOL_AGE_FROM = 6  # EDFacts FS002: 6 to 21, and 5 in kindergarten
HOUR = 60


@dataclass(frozen=True, kw_only=True)
class Share:
    """Percent of the day inside the regular class, from `at_least` to under `below`."""

    KEY: ClassVar = ("code",)

    code: str
    at_least: int
    below: int | None = None
    authority: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Program:
    """Hours a week in a regular early childhood program, and whether most services are given there."""

    KEY: ClassVar = ("code",)

    code: str
    hours_at_least: int
    hours_below: int | None = None
    mostly_in_program: bool
    authority: str
    note: str = ""


@dataclass(frozen=True)
class Week:
    """Minutes a week: all of instruction, services inside and outside of the regular class or program."""

    total: int
    inside: Fraction
    outside: Fraction

    @property
    def regular(self) -> Fraction:
        """Minutes in the regular class or program."""
        return self.total - self.outside

    @property
    def percent(self) -> Fraction:
        """Percent of the week inside the regular class."""
        return self.regular * 100 / self.total

    @property
    def is_possible(self) -> bool:
        return self.total > 0 and self.outside <= self.total


@dataclass(frozen=True)
class Environment:
    """`code` is empty where none follows from the minutes: `words` say why, or what would change it."""

    code: str
    words: str = ""
    authority: str = ""


@cache
def shares() -> tuple[Share, ...]:
    return read_table(SHARES_CSV, Share)


@cache
def programs() -> tuple[Program, ...]:
    return read_table(PROGRAMS_CSV, Program)


@cache
def computed_codes() -> frozenset[str]:
    return frozenset(row.code for row in shares()) | {row.code for row in programs()}


def is_early_childhood(birth_date: date, grade: str, on: date) -> bool:
    """Under 6 and not in kindergarten or above (EDFacts FS002, FS089)."""
    order = {row.grade: row.place_in_order for row in grades()}
    in_school = order.get(grade, 0) >= order[KINDERGARTEN]
    return on < birthday(birth_date, SCHOOL_AGE_FROM) and not in_school


def of_school_age(week: Week) -> Environment:
    """LAC 28:XCVII.117.A.1-3. The week has to be possible."""
    row = next(row for row in shares() if week.percent >= row.at_least)
    return Environment(row.code, _what_changes(row, week), row.authority)


def _what_changes(row: Share, week: Week) -> str:
    """How far it is to the setting with more of the day in the regular class."""
    if row.below is None:
        most = week.total * Fraction(100 - row.at_least, 100)
        return f"It stays {row.code} up to {whole(most)} minutes a week outside the regular class."
    nearer = next(each for each in shares() if each.at_least == row.below)
    less = week.outside - week.total * Fraction(100 - row.below, 100)
    minutes = -(-less // 1)
    unit = "minute" if minutes == 1 else "minutes"
    return f"{minutes:,} {unit} a week less outside the regular class would make it {nearer.code}."


def of_early_childhood(week: Week) -> Environment:
    """EDFacts FS089. Without a regular program, or with services in equal parts, the team chooses."""
    if not week.regular:
        return Environment("", "No time in a regular early childhood program: choose the setting.")
    if week.inside == week.outside:
        return Environment("", "No more services are in the program than elsewhere: choose the setting.")
    hours, mostly = week.regular / HOUR, week.inside > week.outside
    fitting = (row for row in programs() if row.mostly_in_program is mostly and hours >= row.hours_at_least)
    program = next(fitting)
    return Environment(
        program.code, f"{_hours(hours)} hours a week in the regular program.", program.authority
    )


def whole(minutes: Fraction) -> str:
    """ "1,530": whole minutes, cut off."""
    return f"{int(minutes):,}"


def _hours(hours: Fraction) -> str:
    return f"{float(hours):.1f}".removesuffix(".0")
