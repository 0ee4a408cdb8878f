"""The worked examples of backdating, kept as a table."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest

from enrollment.rules.backdating import lag_days, phantom_period
from rulebook.tables import read_table


@dataclass(frozen=True)
class Example:
    KEY: ClassVar = ("story",)

    story: str
    exit_day: date
    recorded: date
    lag: int
    school_days: int
    rule: str
    authority: str
    phantom_first: date | None = None
    phantom_last: date | None = None


EXAMPLES = [
    pytest.param(row, id=row.story) for row in read_table(Path(__file__).parent / "backdating.csv", Example)
]


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.rule("OSSE-R10.01")
@pytest.mark.rule("OSSE-R10.04")
def test_lag(example):
    assert lag_days(example.exit_day, example.recorded) == example.lag


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.rule("OSSE-R10.02")
@pytest.mark.rule("OSSE-R10.04")
def test_phantom_period(example):
    phantom = phantom_period(example.exit_day, example.recorded)
    days = (phantom.first_day, phantom.last_day) if phantom else (None, None)
    assert days == (example.phantom_first, example.phantom_last)


@pytest.mark.parametrize("example", EXAMPLES)
def test_missing_attendance_is_listed_for_school_days(example):
    phantom = phantom_period(example.exit_day, example.recorded)
    assert len(phantom.school_days() if phantom else ()) == example.school_days


@pytest.mark.rule("OSSE-R10.03")
def test_closed_days_are_not_listed():
    phantom = phantom_period(date(2026, 9, 4), date(2026, 9, 17))
    assert len(phantom.days) == 13
    assert len(phantom.school_days({date(2026, 9, 7)})) == 8
