"""Significant disproportionality: how much likelier an outcome is for one group than for all others.

34 CFR 300.646 and 300.647. Thresholds and sizes are the state's to set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

DISPROPORTIONALITY_CSV = Path(__file__).parent / "disproportionality.csv"
NO_RACE = ""  # of a child whose race nobody recorded: in none of the seven groups
CELL_SIZE, N_SIZE, YEARS = 10, 30, 3  # the largest that are presumed reasonable (34 CFR 300.647(b)(1))


class Base(StrEnum):
    ENROLLED = "enrolled"
    WITH_DISABILITIES = "with disabilities"


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """`exceptionality`: the primary one that counts; `settings`: the environments that do; none: all.
    `first_age` to `last_age` in whole years on the day: who is looked at, with the outcome and in the base.

    `held`: whether the records hold what it asks for; discipline is not recorded.
    """

    KEY: ClassVar = ("number",)

    number: int
    kind: str
    title: str
    exceptionality: str = ""
    settings: tuple[str, ...] = ()
    first_age: int
    last_age: int
    base: Base
    held: bool
    authority: str

    @property
    def ages(self) -> tuple[int, int]:
        return self.first_age, self.last_age

    @property
    def ages_in_address(self) -> str:
        return f"{self.first_age}-{self.last_age}"

    @property
    def says(self) -> str:
        return f"Ages {self.first_age} to {self.last_age}, {self.authority}"

    def is_of_age(self, age: int) -> bool:
        return self.first_age <= age <= self.last_age

    def counts(self, exceptionality: str, setting: str) -> bool:
        """Does a child with this exceptionality and setting have the outcome?"""
        return self.exceptionality in ("", exceptionality) and (not self.settings or setting in self.settings)


@cache
def analyses() -> tuple[Analysis, ...]:
    return read_table(DISPROPORTIONALITY_CSV, Analysis)


def analysis(number: int) -> Analysis:
    return next(row for row in analyses() if row.number == number)


@dataclass(frozen=True)
class Group:
    """Of one race, or of all others: `n` children in the base, `with_outcome` of them with the outcome."""

    with_outcome: int = 0
    n: int = 0

    def __add__(self, other: "Group") -> "Group":
        return Group(self.with_outcome + other.with_outcome, self.n + other.n)

    @property
    def risk(self) -> float:
        return self.with_outcome / self.n


@dataclass(frozen=True)
class Sizes:
    """Fewer children than these are too few to compare: with the outcome, and in the base."""

    cell: int = CELL_SIZE
    n: int = N_SIZE

    def are_met_by(self, group: Group) -> bool:
        return group.with_outcome >= self.cell and group.n >= self.n


class How(StrEnum):
    RATIO = "risk ratio"
    ALTERNATE = "alternate risk ratio"
    TOO_FEW = "too few children of this group"
    NOBODY_TO_COMPARE = "too few children to compare with, here and in the state"
    LEFT_OUT = "left out: no race is recorded"


@dataclass(frozen=True)
class Compared:
    race: str
    group: Group
    others: Group
    how: How
    ratio: float | None = None

    def exceeds(self, threshold: float | None) -> bool:
        return threshold is not None and self.ratio is not None and self.ratio > threshold


def compare(
    here: Mapping[str, Group], state: Mapping[str, Group], sizes: Sizes, races: Sequence[str]
) -> list[Compared]:
    """Each race of the district beside all others; where these are too few, beside those of the state.

    Children of no recorded race are compared with nobody, and nobody with them.
    """
    return [_compared(race, here, state, sizes) for race in races]


def _compared(race: str, here: Mapping[str, Group], state: Mapping[str, Group], sizes: Sizes) -> Compared:
    group, others = here.get(race, Group()), _others(race, here)
    if race == NO_RACE:
        return Compared(race, group, Group(), How.LEFT_OUT)
    if not sizes.are_met_by(group):
        return Compared(race, group, others, How.TOO_FEW)
    if sizes.are_met_by(others):
        return Compared(race, group, others, How.RATIO, group.risk / others.risk)
    elsewhere = _others(race, state)
    if sizes.are_met_by(elsewhere):
        return Compared(race, group, elsewhere, How.ALTERNATE, group.risk / elsewhere.risk)
    return Compared(race, group, others, How.NOBODY_TO_COMPARE)


def _others(race: str, groups: Mapping[str, Group]) -> Group:
    return sum((group for other, group in groups.items() if other not in (race, NO_RACE)), Group())


def is_significant(years: Sequence[bool], asked: int) -> bool:
    """Over the threshold in each of the years that the state asks for, the latest first."""
    return len(years) >= asked and all(years[:asked])
