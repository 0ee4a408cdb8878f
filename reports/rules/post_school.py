"""Indicator 14: who left secondary school with an IEP in effect and is asked, within a year, what came of it.

The shares are of those who answered. Each counts once, with the first outcome that holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from organizations.rules.calendar import add_months
from reports.rules.indicators import Share
from rulebook.tables import read_table

POST_SCHOOL_CSV = Path(__file__).parent / "post_school.csv"
NUMBER = 14
# Those among whom indicators 1 and 2 look for graduates and dropouts: the others go on in school, or died.
OUT_OF_SCHOOL = frozenset({"GHS", "GRADALTDPL", "RC", "RMA", "DROPOUT"})


@dataclass(frozen=True, kw_only=True)
class Part:
    """A letter of the indicator: youth `engaged` in any of these ÷ youth who answered; each by the first."""

    KEY: ClassVar = ("part",)

    part: str
    title: str
    engaged: tuple[str, ...]
    authority: str


class Outcome(StrEnum):
    """The highest first: who is in higher education and works is in higher education."""

    HIGHER = "enrolled in higher education"
    COMPETITIVE = "competitively employed"
    TRAINING = "in other education or training"
    EMPLOYMENT = "in other employment"
    NONE = "none of these"
    NO_ANSWER = "no answer"


class Leaver(StrEnum):
    ASKED = "to be asked"
    GOES_ON = "goes on in special education"
    NO_IEP = "no IEP in effect when leaving"
    STILL_AT_SCHOOL = "did not leave school by this exit"
    NO_BASIS = "the basis of the exit is not settled"


@dataclass(frozen=True, kw_only=True)
class Left:
    """The latest exit from special education in the year; `basis` as federal category, "" where unsettled."""

    day: date
    basis: str
    has_iep: bool
    iep_until: date | None = None
    goes_on: bool = False

    @property
    def asked_by(self) -> date:
        return add_months(self.day, 12)


@cache
def parts() -> tuple[Part, ...]:
    return read_table(POST_SCHOOL_CSV, Part)


def shares(outcomes: Iterable[Outcome]) -> list[tuple[Part, Share]]:
    """Of who answered; who gave no answer, or was not asked yet, is in no denominator."""
    answered = [each.name for each in outcomes if each is not Outcome.NO_ANSWER]
    return [(part, Share(sum(each in part.engaged for each in answered), len(answered))) for part in parts()]


def leaver(left: Left) -> Leaver:
    if left.goes_on:
        return Leaver.GOES_ON
    if not left.has_iep or (left.iep_until and left.iep_until < left.day):
        return Leaver.NO_IEP
    if not left.basis:
        return Leaver.NO_BASIS
    return Leaver.ASKED if left.basis in OUT_OF_SCHOOL else Leaver.STILL_AT_SCHOOL
