"""Grading periods, and what a progress report must say."""

from datetime import date, timedelta

import pytest

from ieps.rules.progress import Said, period_of, periods, weeks_of, why_not_issue
from organizations.rules.days import PlaceCalendar, Term

MONDAY = date(2026, 8, 10)


def year(weeks: int, closed=()) -> PlaceCalendar:
    last = MONDAY + timedelta(days=7 * weeks - 3)
    return PlaceCalendar("Cypress Parish", (Term(MONDAY, last, dict.fromkeys(closed, "Storm")),))


def lasts(calendar: PlaceCalendar, weeks: int = 9) -> list[date]:
    return [period.last for period in periods(calendar.terms[0], calendar.school_days, weeks)]


@pytest.mark.rule("DEADLINE-D18")
@pytest.mark.parametrize(
    ("weeks_of_school", "of_each", "n"), [(36, 9, 4), (36, 6, 6), (37, 9, 4), (41, 9, 5)]
)
def test_periods_are_weeks_of_school(weeks_of_school, of_each, n):
    assert len(lasts(year(weeks_of_school), of_each)) == n


@pytest.mark.rule("DEADLINE-D18")
def test_a_closed_week_makes_its_period_longer():
    closed = [MONDAY + timedelta(days=n) for n in range(5)]
    assert lasts(year(36))[0] == date(2026, 10, 9)
    assert lasts(year(36, closed))[0] == date(2026, 10, 16)


def test_the_last_period_ends_with_the_year():
    assert lasts(year(37))[-1] == year(37).terms[0].last_school_day


@pytest.mark.parametrize(
    ("day", "number"),
    [(date(2026, 8, 1), None), (MONDAY, 1), (date(2026, 10, 10), 2), (date(2027, 6, 30), 4)],
)
def test_a_day_belongs_to_the_period_that_has_begun(day, number):
    calendar = year(36)
    found = period_of(periods(calendar.terms[0], calendar.school_days, 9), day)
    assert (found and found.number) == number


@pytest.mark.parametrize(("written", "weeks"), [("6", 6), ("", 9), ("0", 9), ("often", 9), (" 9 ", 9)])
def test_the_iep_says_how_often(written, weeks):
    assert weeks_of(written) == weeks


@pytest.mark.rule("DEADLINE-D18")
@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ([Said("Goal 1", True, "Well.")], None),
        ([Said("Goal 1", False, "Slowly.")], None),
        ([], "no annual goals"),
        ([Said("Goal 1", None, "Well.")], "Goal 1"),
        ([Said("Goal 1", True, "Well."), Said("Goal 2", True, " ")], "Goal 2"),
    ],
)
def test_every_goal_is_told(said, refused):
    sentence = why_not_issue(said)
    assert (sentence is None) if refused is None else (refused in sentence)
