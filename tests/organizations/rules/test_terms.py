"""What a calendar may say."""

from datetime import date

import pytest

from organizations.rules.terms import why_not_close, why_not_term

YEAR = (date(2026, 7, 1), date(2027, 6, 30))
FIRST, LAST = date(2026, 8, 10), date(2027, 5, 21)


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (FIRST, LAST, None),
        (FIRST, FIRST, "A calendar has school days: the last one comes after the first, Aug 10, 2026."),
        (LAST, FIRST, "A calendar has school days: the last one comes after the first, May 21, 2027."),
        (date(2026, 6, 30), LAST, "This school year runs from Jul 1, 2026 to Jun 30, 2027."),
        (FIRST, date(2027, 7, 1), "This school year runs from Jul 1, 2026 to Jun 30, 2027."),
    ],
)
def test_a_school_year_has_school_days_in_its_year(first, last, says):
    assert why_not_term(first, last, *YEAR) == says


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 10, 14), None),
        (date(2026, 7, 3), None),
        (date(2026, 9, 7), "Sep 7, 2026 is closed already."),
        (date(2026, 10, 17), "Oct 17, 2026 is a Saturday: weekends are never counted as open."),
        (date(2027, 7, 5), "Jul 5, 2027 is not in the school year 2026-27: close it in its own calendar."),
    ],
)
def test_a_day_is_closed_once_and_in_its_own_year(day, says):
    assert why_not_close(day, FIRST, LAST, {date(2026, 9, 7)}) == says


def test_the_last_school_day_is_not_closed_away():
    tuesday = date(2026, 8, 11)
    assert "leave no school day" in why_not_close(tuesday, FIRST, tuesday, {FIRST})


@pytest.mark.parametrize(
    ("first", "last", "closed"),
    [
        (date(2026, 8, 15), date(2026, 8, 16), set()),
        (FIRST, date(2026, 8, 11), {FIRST, date(2026, 8, 11)}),
    ],
    ids=["a weekend", "all of it closed"],
)
def test_a_term_without_a_school_day_is_none(first, last, closed):
    assert "leave no school day" in why_not_term(first, last, *YEAR, closed)
