"""How the participation in special education under one IEP ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from edfi.rules.facts import ActivityFacts, Facts, IepFacts

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class End:
    """The last day of a participation, and the local codes of the exits that brought it."""

    day: date
    left_school: str = ""
    left_special_education: bool = False
    reason: str = ""


def end_of(facts: Facts, iep: IepFacts, begin: date, today: date) -> End | None:
    """The earliest of: another IEP takes its place, special education ends, the child leaves school.

    An end that is announced for later has not come.
    """
    ends = [*_replaced(iep), *_left_special_education(facts, begin), *_left_school(facts, begin)]
    come = [end for end in ends if end.day <= today]
    return min(come, key=lambda end: (end.day, not end.left_special_education), default=None)


def _replaced(iep: IepFacts) -> Iterator[End]:
    if iep.replaced_from:
        yield End(iep.replaced_from - A_DAY)


def _left_special_education(facts: Facts, begin: date) -> Iterator[End]:
    """An end without a reason of its own came with an exit from school, whose code tells it."""
    for activity in facts.activities:
        if activity.last_day is None or activity.last_day < begin:
            continue
        exit_code = next((e.exit_code for e in facts.enrollments if e.last_day == activity.last_day), "")
        yield End(activity.last_day, exit_code, True, _reason(activity, exit_code))


def _reason(activity: ActivityFacts, exit_code: str) -> str:
    return activity.exit_reason or exit_code


def _left_school(facts: Facts, begin: date) -> Iterator[End]:
    """After the last of the enrollments; a child who goes on anywhere has not left."""
    there = [row for row in facts.enrollments if row.last_day is None or row.last_day >= begin]
    days = [row.last_day for row in there if row.last_day]
    if there and len(days) == len(there):
        last = max(days)
        code = next(row.exit_code for row in there if row.last_day == last)
        yield End(last, code)
