"""Indicator 12: from early intervention (Part C) to an IEP by the third birthday (34 CFR 300.124)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from organizations.rules.calendar import birthday
from reports.rules.indicators import Counts

AGE = 3
NOTICE = timedelta(days=90)


class Transition(StrEnum):
    """The letters are those of the formula c ÷ (a − b − d − e − f)."""

    IN_TIME = "IEP by the third birthday"
    LATE = "decided late"
    OVERDUE = "overdue"
    NOT_ELIGIBLE = "not eligible"
    REFUSED = "refusal or exception"
    LATE_REFERRAL = "late referral"
    WENT_ON = "went on with early intervention"
    RUNNING = "not yet three"

    @property
    def counts(self) -> Counts:
        return COUNTS[self][0]

    @property
    def letter(self) -> str:
        return COUNTS[self][1]


COUNTS = {
    Transition.IN_TIME: (Counts.IN_TIME, "c"),
    Transition.LATE: (Counts.NOT_IN_TIME, ""),
    Transition.OVERDUE: (Counts.NOT_IN_TIME, ""),
    Transition.NOT_ELIGIBLE: (Counts.LEFT_OUT, "b"),
    Transition.REFUSED: (Counts.LEFT_OUT, "d"),
    Transition.LATE_REFERRAL: (Counts.LEFT_OUT, "e"),
    Transition.WENT_ON: (Counts.LEFT_OUT, "f"),
    Transition.RUNNING: (Counts.NOT_YET, ""),
}


@dataclass(frozen=True, kw_only=True)
class Moving:
    """A child served in Part C and referred to Part B. `iep_from`: the first day of its first IEP.

    `early_since`: referred to Part C, where it is known; `went_on`: the parents chose to go on with it;
    `refused_on`: the day on which they refused or withdrew their consent; `excepted`: a reason of 34 CFR
    300.301(d) is recorded.
    """

    birth_date: date
    referred: date | None = None
    early_since: date | None = None
    went_on: bool = False
    determined: date | None = None
    eligible: bool = False
    iep_from: date | None = None
    refused_on: date | None = None
    excepted: bool = False

    @property
    def turns_three(self) -> date:
        return birthday(self.birth_date, AGE)

    @property
    def referred_late(self) -> bool:
        """To Part C; where that day is not known, to the district."""
        day = self.early_since or self.referred
        return day is not None and day > self.turns_three - NOTICE

    @property
    def is_excused(self) -> bool:
        """A refusal after the birthday came when the district was late already."""
        refused_in_time = self.refused_on is not None and self.refused_on <= self.turns_three
        return refused_in_time or self.excepted

    @property
    def decided(self) -> date | None:
        """The day on which it was settled: an IEP in effect, or found not eligible."""
        return self.iep_from or (None if self.eligible else self.determined)


def transition(child: Moving, today: date) -> Transition:
    """What was settled in time counts as that, whatever else is recorded."""
    day = child.turns_three
    if child.iep_from and child.iep_from <= day:
        return Transition.IN_TIME
    if child.determined and not child.eligible and child.determined < day:
        return Transition.NOT_ELIGIBLE
    if child.is_excused:
        return Transition.REFUSED
    if child.referred_late:
        return Transition.LATE_REFERRAL
    if child.went_on:
        return Transition.WENT_ON
    if child.decided:
        return Transition.LATE
    return Transition.OVERDUE if today > day else Transition.RUNNING


def days_late(child: Moving, today: date) -> int:
    """Calendar days beyond the third birthday, of who is not in time, until it was settled or refused; 0 for
    all others."""
    if transition(child, today).counts is not Counts.NOT_IN_TIME:
        return 0
    return ((child.decided or child.refused_on or today) - child.turns_three).days
