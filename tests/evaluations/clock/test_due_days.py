"""Which day a duty falls due, state by state."""

from datetime import date

import pytest

from evaluations.rules import clock
from evaluations.rules.countings import counting_on
from evaluations.rules.due_days import evaluation_due, reevaluation_due
from organizations.rules.days import PlaceCalendar, Term

CONSENT = date(2026, 9, 4)
THANKSGIVING = {date(2026, 11, 26): "Thanksgiving", date(2026, 11, 27): "Thanksgiving"}
PARISH = PlaceCalendar("Cypress Parish", (Term(date(2026, 8, 10), date(2027, 5, 21), THANKSGIVING),))


@pytest.mark.rule("DEADLINE-D02")
@pytest.mark.parametrize(
    ("profile", "due"),
    [
        ("LA", date(2026, 12, 1)),
        ("DC", date(2026, 11, 3)),
        ("WI", date(2026, 11, 3)),
        ("DEMO", date(2026, 11, 3)),
    ],
)
def test_each_state_counts_the_days_of_an_evaluation_its_own_way(profile, due):
    assert evaluation_due(profile, CONSENT, PARISH).day == due


@pytest.mark.rule("DEADLINE-D02")
@pytest.mark.parametrize(("profile", "due"), [("LA", None), ("WI", date(2026, 11, 3))])
def test_business_days_need_the_calendar_of_the_place(profile, due):
    assert evaluation_due(profile, CONSENT, None).day == due


def test_an_extension_takes_the_place_of_the_counting():
    assert evaluation_due("LA", CONSENT, None, date(2027, 1, 15)).day == date(2027, 1, 15)


@pytest.mark.rule("DEADLINE-D08")
@pytest.mark.parametrize(
    ("meeting", "due"),
    [
        (date(2025, 9, 22), date(2026, 9, 22)),
        (date(2023, 9, 22), date(2024, 9, 22)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 28)),
    ],
)
def test_an_iep_is_reviewed_by_the_same_date_of_the_next_year(meeting, due):
    counting = counting_on("D08", "LA", meeting)
    assert counting is not None
    assert clock.due(counting, meeting).day == due


@pytest.mark.rule("DEADLINE-D09")
def test_three_years_after_a_leap_day_the_reevaluation_is_due_a_day_sooner():
    assert reevaluation_due(date(2024, 2, 29)) == date(2027, 2, 28)
