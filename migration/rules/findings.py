"""The quality checks of the rollover in words: `dq_rules.csv`."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

DQ_RULES_CSV = Path(__file__).parent / "dq_rules.csv"


class Severity(StrEnum):
    """A fatal finding blocks go-live (RLO-14), an error is to be fixed, a warning to be known."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"


class Outcome(StrEnum):
    LOAD = "load"
    REJECT = "reject"
    STOP = "stop"


@dataclass(frozen=True)
class QualityRule:
    """`shows`: the columns whose values a finding names."""

    KEY: ClassVar = ("id",)

    id: str
    severity: Severity
    record_type: str
    title: str
    rule: str
    shows: tuple[str, ...]
    hint: str
    action: str
    outcome: Outcome
    authority: str


@cache
def quality_rules() -> dict[str, QualityRule]:
    return {rule.id: rule for rule in read_table(DQ_RULES_CSV, QualityRule)}


@cache
def bits() -> dict[str, int]:
    """Each rule's bit in the mask of a row's failed rules."""
    return {rule: 1 << place for place, rule in enumerate(quality_rules())}


def rejecting_rules() -> tuple[QualityRule, ...]:
    """The rules whose rows are not loaded, in the order in which a row's reason is named."""
    return tuple(rule for rule in quality_rules().values() if rule.outcome == Outcome.REJECT)
