"""Which day a duty falls due, state by state."""

from datetime import date

import pytest

from caseload.rules import Span, evaluation_due, evaluation_span, review_due

CLOSED = {date(2026, 11, 26), date(2026, 11, 27)}


@pytest.mark.rule("DEADLINE-D02")
@pytest.mark.parametrize(
    ("profile", "span"),
    [
        ("LA", Span(60, business=True)),
        ("DC", Span(60, business=False)),
        ("WI", Span(60, business=False)),
        ("DEMO", Span(60, business=False)),
    ],
)
def test_each_state_counts_the_days_of_an_evaluation_its_own_way(profile, span):
    assert evaluation_span(profile) == span


@pytest.mark.rule("DEADLINE-D02")
@pytest.mark.parametrize(
    ("consent", "span", "closed", "due"),
    [
        (date(2026, 9, 1), Span(60, False), None, date(2026, 10, 31)),
        (date(2026, 9, 1), Span(60, True), set(), date(2026, 11, 24)),
        (date(2026, 9, 4), Span(60, True), set(), date(2026, 11, 27)),
        (date(2026, 9, 4), Span(60, True), CLOSED, date(2026, 12, 1)),
        (date(2026, 9, 1), Span(60, True), None, None),
    ],
)
def test_business_days_need_the_calendar_of_the_place(consent, span, closed, due):
    assert evaluation_due(consent, span, closed) == due


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
    assert review_due(meeting) == due
