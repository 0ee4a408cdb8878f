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
    NOT_ASKED = "its form asks for no transition"
    ENDED = "not in special education there"

    @property
    def counts(self) -> Counts:
        return COUNTS[self]


COUNTS = {
    Youth.COMPLETE: Counts.IN_TIME,
    Youth.MISSING: Counts.NOT_IN_TIME,
    Youth.UNANSWERED: Counts.NOT_IN_TIME,
    Youth.NOT_ASKED: Counts.LEFT_OUT,
    Youth.ENDED: Counts.LEFT_OUT,
}


def left_out(*, asks: bool, goes_on: bool) -> Youth | None:
    """`asks`: the form of the IEP has a section of transition; `goes_on`: special education, on the day."""
    if not goes_on:
        return Youth.ENDED
    return None if asks else Youth.NOT_ASKED


def youth(findings: Sequence[Finding]) -> Youth:
    answers = {one.answer for one in findings}
    if Answer.NO in answers:
        return Youth.MISSING
    return Youth.UNANSWERED if Answer.OPEN in answers else Youth.COMPLETE


def missing(findings: Sequence[Finding]) -> str:
    """Numbers of the parts that are not there, such as “1, 8”."""
    gaps = [str(one.item.number) for one in findings if one.answer in (Answer.NO, Answer.OPEN)]
    return f"{'Item' if len(gaps) == 1 else 'Items'} {', '.join(gaps)}" if gaps else ""
