"""Extended school year by regression and recoupment: is what a break took away made up for?

LAC 28:XCVII.705: on one objective, and across two breaks of at least 5 instructional days each, the highest
score after the break is below the highest score before it, with at least two data points in the two weeks
before and in the two weeks after. Which days are instructional is not stated: Mondays to Fridays are counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from organizations.rules.calendar import SATURDAY

AUTHORITY = "LAC 28:XCVII.705"
BREAKS_NEEDED = 2
LEAST_DAYS = 5
LEAST_POINTS = 2
WINDOW = timedelta(days=14)
ONE_DAY = timedelta(days=1)


class Finding(StrEnum):
    MEETS = "meets the criterion"
    DOES_NOT = "does not meet the criterion"
    CANNOT_SAY = "cannot be told from these data"


@dataclass(frozen=True, order=True)
class Score:
    """One data point; more is better."""

    day: date
    value: Decimal


@dataclass(frozen=True)
class Break:
    """From the first to the last day without instruction."""

    first_day: date
    last_day: date

    @property
    def instructional_days(self) -> int:
        days = range((self.last_day - self.first_day).days + 1)
        return sum((self.first_day + n * ONE_DAY).weekday() < SATURDAY for n in days)


@dataclass(frozen=True)
class Across:
    """The data points around one break."""

    of: Break
    before: tuple[Score, ...]
    after: tuple[Score, ...]

    @property
    def highest_before(self) -> Decimal | None:
        return max((score.value for score in self.before), default=None)

    @property
    def highest_after(self) -> Decimal | None:
        return max((score.value for score in self.after), default=None)

    @property
    def why_not(self) -> str:
        """A sentence when this break cannot be used."""
        if (days := self.of.instructional_days) < LEAST_DAYS:
            return f"A break has at least {LEAST_DAYS} instructional days; this one has {days}."
        for when, scores in (("before", self.before), ("after", self.after)):
            if len(scores) < LEAST_POINTS:
                return (
                    f"Of the two weeks {when} it at least {LEAST_POINTS} data points; found: {len(scores)}."
                )
        return ""

    @property
    def regressed(self) -> bool:
        """Below what was reached before, and not made up for within the two weeks."""
        if self.why_not or self.highest_after is None or self.highest_before is None:
            return False
        return self.highest_after < self.highest_before


@dataclass(frozen=True)
class Answer:
    finding: Finding
    across: tuple[Across, ...]


def judge(scores: Iterable[Score], breaks: Iterable[Break]) -> Answer:
    """What the data points of one objective say across these breaks."""
    points = sorted(scores)
    across = tuple(_across(points, each) for each in breaks)
    shown = sum(each.regressed for each in across)
    unusable = sum(bool(each.why_not) for each in across)
    if shown >= BREAKS_NEEDED:
        return Answer(Finding.MEETS, across)
    missing = max(BREAKS_NEEDED - len(across), 0)
    may_be = shown + unusable + missing >= BREAKS_NEEDED
    return Answer(Finding.CANNOT_SAY if may_be else Finding.DOES_NOT, across)


def _across(points: list[Score], of: Break) -> Across:
    return Across(
        of,
        before=tuple(score for score in points if of.first_day - WINDOW <= score.day < of.first_day),
        after=tuple(score for score in points if of.last_day < score.day <= of.last_day + WINDOW),
    )
