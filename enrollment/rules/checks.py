"""The thirty checks of the enrollment audit, and what they must know about exit codes."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from enrollment.rules.codes import Code
from organizations.rules.profiles import Profile
from rulebook.tables import read_table

CHECKS_CSV = Path(__file__).parent / "checks.csv"
EXIT_MEANINGS_CSV = Path(__file__).parent / "exit_meanings.csv"


class Severity(StrEnum):
    ERROR = "error"
    TASK = "task"
    WARNING = "warning"


class How(StrEnum):
    """Found by the audit; refused by the database; seen elsewhere; or not checked for want of data."""

    FOUND = "found"
    REFUSED = "refused"
    ELSEWHERE = "elsewhere"
    NO_DATA = "no data"


class Meaning(StrEnum):
    DIPLOMA = "diploma"
    ARRIVES = "arrives elsewhere"


@dataclass(frozen=True, kw_only=True)
class Check:
    """`days`: the limit that the check counts with; `not_checked`: what it does not see, and why."""

    KEY: ClassVar = ("number",)

    number: int
    name: str
    what: str
    severity: Severity
    how: How
    authority: str
    days: int | None = None
    not_checked: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


@dataclass(frozen=True)
class ExitMeaning:
    """What an exit code says about the student, where the list of codes says it in words only."""

    KEY: ClassVar = ("profile", "code")

    profile: Profile
    code: str
    meaning: Meaning
    authority: str


@cache
def checks() -> tuple[Check, ...]:
    return read_table(CHECKS_CSV, Check)


@cache
def exit_meanings() -> tuple[ExitMeaning, ...]:
    return read_table(EXIT_MEANINGS_CSV, ExitMeaning)


def arrives_elsewhere(code: Code) -> bool:
    found = (row.meaning for row in exit_meanings() if (row.profile, row.code) == (code.profile, code.code))
    return Meaning.ARRIVES in found


def check_of(number: int) -> Check:
    return next(check for check in checks() if check.number == number)
