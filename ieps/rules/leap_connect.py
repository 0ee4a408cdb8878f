"""LEAP Connect: how far below the mean a student's cognitive functioning has to be (LAC 28:XCVII.505.A).

The thresholds are in `leap_connect.csv`. How large deficits in adaptive behavior have to be was not found in
the sources: that they are documented is asked for, no number is compared.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

THRESHOLDS_CSV = Path(__file__).parent / "leap_connect.csv"
AUTHORITY = "LAC 28:XCVII.505.A"
ADAPTIVE = "deficits in adaptive behavior, documented"
EVIDENCE = "additional empirical evidence"
NOT_BECAUSE = "that the decision does not rest on placement, language, the expected score or absence"


@dataclass(frozen=True, kw_only=True)
class Band:
    """Standard deviations below the mean, from `at_least` to under `below`, and what they need besides."""

    KEY: ClassVar = ("band",)

    band: str
    completed_grade5: bool
    at_least: Decimal
    below: Decimal | None = None
    adaptive: bool
    evidence: bool
    authority: str
    note: str = ""

    def holds(self, deviations: Decimal) -> bool:
        return self.at_least <= deviations and (self.below is None or deviations < self.below)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`deviations` below the mean in cognitive functioning; `earlier_cohort`: 2019-20 or before."""

    deviations: Decimal
    completed_grade5: bool
    earlier_cohort: bool = False
    adaptive: bool = False
    evidence: bool = False
    not_because: bool = False


@dataclass(frozen=True)
class Answer:
    """`band` is None below every threshold; `missing` is what has to be added where a band holds."""

    band: Band | None
    least: Decimal
    missing: tuple[str, ...] = ()

    @property
    def meets(self) -> bool:
        return self.band is not None and not self.missing


@cache
def bands() -> tuple[Band, ...]:
    return read_table(THRESHOLDS_CSV, Band)


def judge(facts: Facts) -> Answer:
    """Whether the thresholds of participation are met; the IEP team decides."""
    own = [band for band in bands() if band.completed_grade5 == facts.completed_grade5]
    band = next((band for band in own if band.holds(facts.deviations)), None)
    return Answer(band, min(each.at_least for each in own), _missing(band, facts) if band else ())


def _missing(band: Band, facts: Facts) -> tuple[str, ...]:
    asked = (
        (ADAPTIVE, band.adaptive or facts.earlier_cohort, facts.adaptive),
        (EVIDENCE, band.evidence, facts.evidence),
        (NOT_BECAUSE, True, facts.not_because),
    )
    return tuple(what for what, needed, given in asked if needed and not given)
