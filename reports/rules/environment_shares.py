"""Indicators 5 and 6: where children with IEPs are taught, as shares of all that the federal count has."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol

from reports.rules.indicators import Share
from rulebook.tables import read_table

ENVIRONMENT_SHARES_CSV = Path(__file__).parent / "environment_shares.csv"
SCHOOL_AGE, EARLY_CHILDHOOD = 5, 6
NO_PART = "none"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A letter of the indicator: the children in any of `settings` ÷ all children counted in `file`."""

    KEY: ClassVar = ("part",)

    part: str
    indicator: int
    file: str
    title: str
    settings: tuple[str, ...]
    authority: str


class Placed(Protocol):
    @property
    def counted(self) -> bool: ...

    @property
    def environment(self) -> str: ...


@cache
def parts(indicator: int) -> tuple[Part, ...]:
    return tuple(row for row in read_table(ENVIRONMENT_SHARES_CSV, Part) if row.indicator == indicator)


def file_of(indicator: int) -> str:
    """The federal file whose children are the denominator."""
    return parts(indicator)[0].file


def part_of(indicator: int, environment: str) -> str:
    """ "5A"; NO_PART of a setting that is in the denominator alone."""
    return next((row.part for row in parts(indicator) if environment in row.settings), NO_PART)


def shares(indicator: int, children: Iterable[Placed]) -> list[tuple[Part, Share]]:
    """Of the children of the indicator's file; who is not counted is in no denominator."""
    return shares_of(indicator, Counter(child.environment for child in children if child.counted))


def shares_of(indicator: int, counted: Mapping[str, int]) -> list[tuple[Part, Share]]:
    """Of how many children each setting has."""
    total = sum(counted.values())
    return [
        (row, Share(sum(counted.get(setting, 0) for setting in row.settings), total))
        for row in parts(indicator)
    ]
