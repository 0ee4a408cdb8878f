"""Progress toward the annual goals: the periods of its reports, and what a report must say of every goal.

Authority: 34 CFR 300.320(a)(3); LAC 28:XLIII.1324.G; deadlines.csv, D18.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from organizations.rules.calendar import in_words
from organizations.rules.days import Days, Term, days_between, nth_after

USUAL_WEEKS, MOST_WEEKS = 9, 52
DAYS_OF_A_WEEK = 5


@dataclass(frozen=True, order=True)
class Period:
    """A grading period: its report is due on its last day (D18)."""

    first: date
    last: date
    number: int

    @property
    def label(self) -> str:
        return f"Period {self.number}, {in_words(self.first)} to {in_words(self.last)}"


def periods(term: Term, school_days: Days, weeks: int) -> tuple[Period, ...]:
    """The periods of a school year: every so many weeks of school days, from the first one.

    What is left at the end joins the last period where it is shorter than half of one.
    """
    length, first = weeks * DAYS_OF_A_WEEK, term.first_school_day
    found: list[Period] = []
    while first <= term.last_school_day:
        last = nth_after(school_days, _day_before(first), length) or term.last_school_day
        if 2 * days_between(school_days, last, term.last_school_day) < length:
            last = term.last_school_day
        found.append(Period(first, last, len(found) + 1))
        first = _day_after(last)
    return tuple(found)


def period_of(those: Iterable[Period], day: date) -> Period | None:
    """The one that a report is written for: the period of the day, else the last one before it."""
    begun = [period for period in those if period.first <= day]
    return begun[-1] if begun else None


def weeks_of(written: str) -> int:
    """As the IEP says; usually 9 where it says nothing that can be counted."""
    number = written.strip()
    weeks = int(number) if number.isdecimal() and len(number) <= len(str(MOST_WEEKS)) else 0
    return weeks if 0 < weeks <= MOST_WEEKS else USUAL_WEEKS


@dataclass(frozen=True)
class Said:
    """What a report says of one goal. `sufficient`: enough to reach the goal by the end of the year."""

    goal: str
    sufficient: bool | None = None
    text: str = ""


def why_not_issue(said: Iterable[Said]) -> str | None:
    """A report tells of every goal whether the progress is sufficient, and how the child stands."""
    every = list(said)
    if not every:
        return "This IEP has no annual goals: there is nothing to report."
    missing = [one.goal for one in every if one.sufficient is None or not one.text.strip()]
    return f"Still missing for: {'; '.join(missing)}." if missing else None


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
