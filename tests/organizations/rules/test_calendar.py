"""Days are counted as a person with a wall calendar would count them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.rules.calendar import (
    add_months,
    age_on,
    birthday,
    in_words,
    is_open,
    school_year_of,
)
from organizations.rules.days import add_business_days, business_days_between

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def counted_on_the_wall(start: date, n: int, closed_days: set[date]) -> date:
    day = start
    while n:
        day += timedelta(days=1)
        if day.isoweekday() <= 5 and day not in closed_days:
            n -= 1
    return day


@given(DAYS, st.integers(0, 90), st.sets(st.integers(0, 140), max_size=40))
def test_business_days_agree_with_counting_day_by_day(start, n, closed_offsets):
    closed = {start + timedelta(days=offset) for offset in closed_offsets}
    assert add_business_days(start, n, closed) == counted_on_the_wall(start, n, closed)


@given(DAYS, st.integers(1, 60), st.sets(st.integers(0, 100), max_size=30))
def test_adding_and_counting_are_two_sides_of_one_thing(start, n, closed_offsets):
    closed = {start + timedelta(days=offset) for offset in closed_offsets}
    end = add_business_days(start, n, closed)
    assert business_days_between(start, end, closed) == n
    assert is_open(end, closed)


def test_no_days_later_is_the_same_day_even_on_a_sunday():
    assert add_business_days(date(2026, 9, 6), 0) == date(2026, 9, 6)


def test_business_days_are_not_counted_backward():
    with pytest.raises(ValueError, match="forward"):
        add_business_days(date(2026, 9, 6), -1)


@pytest.mark.rule("DEADLINE-D01")
def test_ten_business_days_after_a_referral_over_labor_day():
    assert add_business_days(date(2026, 9, 1), 10, {date(2026, 9, 7)}) == date(2026, 9, 16)


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2022, 6, 30), "2021-22"),
        (date(2022, 7, 1), "2022-23"),
        (date(2023, 6, 30), "2022-23"),
        (date(2000, 1, 1), "1999-00"),
    ],
)
@pytest.mark.rule("SEC-06")
def test_a_school_year_begins_on_july_first(day, label):
    assert school_year_of(day).label == label


@given(DAYS)
def test_every_day_lies_in_its_school_year(day):
    year = school_year_of(day)
    assert year.first_day <= day <= year.last_day
    assert school_year_of(year.last_day + timedelta(days=1)).first_day == year.last_day + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "age"), [(date(2025, 2, 28), 12), (date(2025, 3, 1), 13), (date(2024, 2, 29), 12)]
)
def test_a_birthday_on_february_29(day, age):
    assert age_on(day, date(2012, 2, 29)) == age


def test_a_date_is_shown_in_words():
    assert in_words(date(2026, 9, 4)) == "Sep 4, 2026"


def test_months_roll_over_the_year():
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2027, 2, 28), -9) == date(2026, 5, 28)


@given(DAYS, st.integers(0, 22))
def test_a_birthday_is_the_first_day_of_its_age(birth_date, age):
    day = birthday(birth_date, age)
    assert age_on(day, birth_date) == age
    assert age_on(day - timedelta(days=1), birth_date) == age - 1


@pytest.mark.parametrize(("age", "day"), [(3, date(2023, 3, 1)), (4, date(2024, 2, 29))])
def test_a_leap_day_child_has_its_birthday_on_march_first_of_other_years(age, day):
    assert birthday(date(2020, 2, 29), age) == day
