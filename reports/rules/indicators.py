"""The indicators of the annual performance report, by state, and the exceptions that the law makes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol

from organizations.rules.profiles import Profile
from rulebook.tables import read_table

INDICATORS_CSV = Path(__file__).parent / "indicators.csv"
EXCEPTIONS_CSV = Path(__file__).parent / "exceptions.csv"
EVALUATIONS, TRANSITION, YOUTH = 11, 12, 13


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """`state`: the row of one state; without it, of every state that has none of its own.

    `met` and `unmet`: what a child is called that fulfils it, and one that does not.
    """

    KEY: ClassVar = ("indicator", "state")

    indicator: int
    state: Profile | None = None
    title: str
    asks: str
    met: str
    unmet: str
    measure: str
    completed_by: str
    left_out: str
    authority: str
    note: str = ""

    def says(self, counts: "Counts") -> str:
        return {Counts.IN_TIME: self.met, Counts.NOT_IN_TIME: self.unmet}.get(counts, counts.value)


class Kind(StrEnum):
    """Where the reason is recorded."""

    EXTENSION = "extension"
    DELAY = "delay"
    OUTCOME = "outcome"


@dataclass(frozen=True, kw_only=True)
class Excepted:
    KEY: ClassVar = ("kind", "code")

    kind: Kind
    code: str
    why: str
    authority: str


class Counts(StrEnum):
    """What a child is to the percentage."""

    IN_TIME = "in time"
    NOT_IN_TIME = "not in time"
    LEFT_OUT = "left out"
    NOT_YET = "not yet"


class Standing(Protocol):
    @property
    def counts(self) -> Counts: ...


@dataclass(frozen=True)
class Share:
    """`in_time` of `counted` children."""

    in_time: int
    counted: int

    @property
    def percent(self) -> float | None:
        """To one decimal, never rounded up to 100; None where nobody is counted."""
        if not self.counted:
            return None
        return (
            100.0 if self.in_time == self.counted else min(99.9, round(100 * self.in_time / self.counted, 1))
        )

    def __str__(self) -> str:
        return "" if self.percent is None else f"{self.percent:.1f} %"


def share(standings: Iterable[Standing]) -> Share:
    counted = [each.counts for each in standings if each.counts in (Counts.IN_TIME, Counts.NOT_IN_TIME)]
    return Share(counted.count(Counts.IN_TIME), len(counted))


@cache
def indicator(number: int, state: str) -> Indicator:
    """The state's own row, else that for every state."""
    rows = [row for row in read_table(INDICATORS_CSV, Indicator) if row.indicator == number]
    own = [row for row in rows if row.state == state]
    return next(iter([*own, *(row for row in rows if row.state is None)]))


@cache
def exceptions() -> tuple[Excepted, ...]:
    return read_table(EXCEPTIONS_CSV, Excepted)


@cache
def excepted(extension: str, delay: str, outcome: str) -> str:
    """Why the law takes this evaluation out; "" where it does not (34 CFR 300.301(d))."""
    recorded = {Kind.EXTENSION: extension, Kind.DELAY: delay, Kind.OUTCOME: outcome}
    return next((row.why for row in exceptions() if recorded[row.kind] == row.code), "")
