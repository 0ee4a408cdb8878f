"""Indicator 13: youth of transition age whose IEP has every part (34 CFR 300.320(b), 300.321(b))."""

from collections.abc import Sequence
from enum import StrEnum

from ieps.rules.indicator_13 import Answer, Finding
from reports.rules.indicators import Counts


class Youth(StrEnum):
    """A part that only the team can tell of and has not is not there."""

    COMPLETE = "every part is there"
    MISSING = "parts are missing"
    UNANSWERED = "the team has not answered"

    @property
    def counts(self) -> Counts:
        return Counts.IN_TIME if self is Youth.COMPLETE else Counts.NOT_IN_TIME


def youth(findings: Sequence[Finding]) -> Youth:
    answers = {one.answer for one in findings}
    if Answer.NO in answers:
        return Youth.MISSING
    return Youth.UNANSWERED if Answer.OPEN in answers else Youth.COMPLETE


def missing(findings: Sequence[Finding]) -> str:
    """Numbers of the parts that are not there, such as “1, 8”."""
    gaps = [str(one.item.number) for one in findings if one.answer in (Answer.NO, Answer.OPEN)]
    return f"{'Item' if len(gaps) == 1 else 'Items'} {', '.join(gaps)}" if gaps else ""
