"""The arithmetic of the clock against somebody who walks through the calendar day by day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluations.rules.account import account
from evaluations.rules.clock import Extension, Pause, due, why_not_extend, why_not_pause
from evaluations.rules.countings import Basis, Bound, Direction, Unit, counting_on
from organizations.rules.calendar import school_year_of
from organizations.rules.days import PlaceCalendar, Term, calendar_of

ONE = timedelta(days=1)
DAY = date(2022, 1, 10)
SIXTY = counting_on("D02", "LA", DAY)
IN_DAYS = (Unit.CALENDAR_DAYS, Unit.BUSINESS_DAYS, Unit.SCHOOL_DAYS)


@st.composite
def calendars(draw) -> PlaceCalendar:
    """Up to four school years, not always one after the other, with closed days anywhere."""
    terms = []
    for year in sorted(draw(st.sets(st.integers(2018, 2022), min_size=1, max_size=4))):
        first = date(year, 8, 1) + draw(st.integers(0, 40)) * ONE
        last = first + draw(st.integers(-1, 290)) * ONE
        offsets = draw(st.sets(st.integers(-40, 320), max_size=15))
        terms.append(Term(first, last, {first + n * ONE: "closed" for n in offsets}))
    return PlaceCalendar("Cypress Parish", tuple(terms))


PAUSES = st.lists(
    st.builds(
        lambda first, length: Pause(first, None if length is None else first + length * ONE, "ill"),
        st.dates(date(2018, 7, 1), date(2023, 6, 30)),
        st.none() | st.integers(0, 40),
    ),
    max_size=3,
)
QUESTIONS = {
    "unit": st.sampled_from(IN_DAYS),
    "direction": st.sampled_from(Direction),
    "n": st.integers(0, 70),
    "start": st.dates(date(2018, 7, 1), date(2023, 6, 30)),
    "calendar": calendars(),
}


def asked(unit: Unit, direction: Direction, n: int):
    return replace(SIXTY, unit=unit, direction=direction, count=n)


def walked(unit, direction, n, start, calendar, pauses=()) -> date | None:
    """As somebody with the calendar on the wall; None where the pages of the calendar end."""
    day, known = start, {term.school_year for term in calendar.terms}
    closed = {one for term in calendar.terms for one in term.closed}
    while n:
        if unit is Unit.SCHOOL_DAYS and not {school_year_of(start), school_year_of(day)} <= known:
            return None
        if any(one.last_day is None and one.first_day <= day + ONE for one in pauses):
            return None
        day += ONE if direction is Direction.AFTER else -ONE
        counts = unit is Unit.CALENDAR_DAYS or (day.isoweekday() < 6 and day not in closed)
        if unit is Unit.SCHOOL_DAYS:
            counts &= any(term.first_school_day <= day <= term.last_school_day for term in calendar.terms)
        n -= counts and not any(one.first_day <= day <= (one.last_day or day) for one in pauses)
    return day


@settings(max_examples=60)
@given(**QUESTIONS)
def test_counting_agrees_with_walking(unit, direction, n, start, calendar):
    found = due(asked(unit, direction, n), start, calendar)
    assert found.day == walked(unit, direction, n, start, calendar)
    assert bool(found.why_not) is (found.day is None)


@settings(max_examples=60)
@given(**(QUESTIONS | {"direction": st.just(Direction.AFTER), "pauses": PAUSES}))
def test_paused_days_do_not_count(unit, direction, n, start, calendar, pauses):
    found = due(asked(unit, direction, n), start, calendar, pauses)
    assert found.day == walked(unit, direction, n, start, calendar, pauses)


@settings(max_examples=30)
@given(**QUESTIONS, pauses=PAUSES)
def test_the_account_numbers_every_day_to_the_due_day(unit, direction, n, start, calendar, pauses):
    found = due(asked(unit, direction, n), start, calendar, pauses)
    told = account(found, calendar, pauses)
    numbers = [row.number for row in told if row.number is not None]
    assert numbers == list(range(len(numbers)))
    assert all(row.words for row in told if row.number is None)
    assert found.day is None or (told[-1].day, told[-1].number) == (found.day, n)


@settings(max_examples=30)
@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(0, 6))
@example(date(2024, 2, 29), 4)
def test_an_anniversary_is_the_same_date_or_the_end_of_february(start, years):
    day = due(replace(SIXTY, unit=Unit.YEARS, count=years), start).day
    assert day.year == start.year + years
    same = (day.month, day.day) == (start.month, start.day)
    assert same or ((start.month, start.day), (day.month, day.day)) == ((2, 29), (2, 28))


@pytest.mark.parametrize("change", [date(2022, 3, 13), date(2022, 11, 6)])
def test_daylight_saving_cannot_matter(change):
    """The clock knows dates alone: the day of 23 hours and the day of 25 are one day each."""
    midnight, next_midnight = (
        datetime.combine(one, time.min, ZoneInfo("America/Chicago")).astimezone(UTC)
        for one in (change, change + ONE)
    )
    assert next_midnight - midnight != timedelta(hours=24)
    for unit in (Unit.CALENDAR_DAYS, Unit.BUSINESS_DAYS):
        counted = due(asked(unit, Direction.AFTER, 1), change, PlaceCalendar("Cypress Parish", ()))
        assert (counted.day, type(counted.day)) == (change + ONE, date)


def test_no_days_after_an_event_need_no_calendar():
    assert due(asked(Unit.SCHOOL_DAYS, Direction.AFTER, 0), date(2022, 1, 15)).day == date(2022, 1, 15)


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ((), "The calendar of Cypress Parish has no school days."),
        ((Term(date(2022, 5, 21), date(2021, 8, 10)),), "The calendar of Cypress Parish has no school days."),
        ((Term(DAY, DAY + 3 * ONE),), "The calendar of Cypress Parish does not reach 60 school days far."),
    ],
)
def test_a_calendar_without_days_is_a_sentence_and_no_endless_search(terms, says):
    found = due(asked(Unit.SCHOOL_DAYS, Direction.AFTER, 60), DAY, PlaceCalendar("Cypress Parish", terms))
    assert (found.day, found.why_not) == (None, says)
    assert account(found, PlaceCalendar("Cypress Parish", terms))[0].number == 0


def test_pauses_that_overlap_are_not_counted_twice():
    first, second = Pause(DAY + 5 * ONE, DAY + 14 * ONE, "ill"), Pause(DAY + 10 * ONE, DAY + 12 * ONE, "away")
    counting = asked(Unit.CALENDAR_DAYS, Direction.AFTER, 20)
    assert due(counting, DAY, None, (second, first)).day == DAY + 30 * ONE


def test_a_day_just_before_a_pause_is_due_on_that_day():
    pause = Pause(DAY + 21 * ONE, DAY + 30 * ONE, "ill")
    assert due(asked(Unit.CALENDAR_DAYS, Direction.AFTER, 20), DAY, None, (pause,)).day == DAY + 20 * ONE


def test_a_pause_that_ends_before_it_begins_pauses_nothing():
    pause = Pause(DAY + 10 * ONE, DAY + 5 * ONE, "mistyped")
    assert due(asked(Unit.CALENDAR_DAYS, Direction.AFTER, 20), DAY, None, (pause,)).day == DAY + 20 * ONE


def test_the_last_school_day_counts_and_the_account_goes_as_far_as_the_calendar():
    week = PlaceCalendar("Cypress Parish", (Term(DAY, DAY + 4 * ONE),))
    assert due(asked(Unit.SCHOOL_DAYS, Direction.AFTER, 4), DAY, week).day == DAY + 4 * ONE
    told = account(due(asked(Unit.SCHOOL_DAYS, Direction.AFTER, 5), DAY, week), week)
    assert (told[-1].day, told[-1].number) == (DAY + 4 * ONE, 4)


@pytest.mark.parametrize(("count", "day"), [(0, date(2022, 6, 30)), (1, date(2023, 6, 30))])
def test_school_years_end_on_the_last_of_june(count, day):
    assert due(replace(SIXTY, unit=Unit.SCHOOL_YEARS, count=count), DAY).day == day


@pytest.mark.parametrize(
    ("number", "pause", "says"),
    [
        ("D02", Pause(DAY, DAY - ONE, "ill"), "A pause ends on or after its first day."),
        ("D08", Pause(DAY, DAY, "ill"), "Only days counted forward can be paused"),
        ("D34", Pause(DAY, DAY, "ill"), "Only days counted forward can be paused"),
        ("D02", Pause(DAY, None, "ill"), ""),
    ],
)
def test_what_can_be_paused(number, pause, says):
    sentence = why_not_pause(counting_on(number, "LA", DAY), pause)
    assert (sentence or "").startswith(says)
    assert bool(sentence) is bool(says)


def test_what_cannot_be_paused_is_not_moved():
    review, pause = counting_on("D08", "LA", DAY), Pause(DAY + ONE, None, "ill")
    assert due(review, DAY, None, (pause,)).day == date(2023, 1, 10)


DUE = date(2022, 4, 12)


@pytest.mark.parametrize(
    ("extension", "latest", "says"),
    [
        (Extension(date(2022, 5, 6), "SLD", DUE), None, None),
        (Extension(date(2022, 5, 6), "SLD"), None, None),
        (
            Extension(date(2022, 5, 6), "SLD", DUE + ONE),
            None,
            "An extension is asked for by the due day, Apr 12, 2022; this one is later.",
        ),
        (Extension(DUE, "SLD", DAY), None, "An extension ends after the due day, Apr 12, 2022."),
        (
            Extension(date(2022, 5, 6), "AGR", DAY),
            date(2022, 5, 5),
            "This extension may not go beyond May 5, 2022.",
        ),
    ],
)
@pytest.mark.rule("DEADLINE-D02")
def test_what_can_be_extended(extension, latest, says):
    assert why_not_extend(DUE, extension, latest) == says


def test_extensions_follow_one_another_and_only_approved_ones_count():
    counting, end = asked(Unit.CALENDAR_DAYS, Direction.AFTER, 60), DAY + 60 * ONE
    first, second = Extension(end + 10 * ONE, "a", end), Extension(end + 20 * ONE, "b", end + 10 * ONE)
    pending = Extension(end + 40 * ONE, "c", end, approved=False)
    found = due(counting, DAY, None, (), (second, pending, first))
    assert (found.counted_to, found.day) == (end, end + 20 * ONE)
    told = account(found, None, (), (second, pending, first))
    assert [row.words for row in told[-2:]] == ["extended: a", "extended: b"]


def test_an_extension_gives_a_day_where_counting_could_not():
    found = due(SIXTY, DAY, None, (), (Extension(date(2022, 5, 6), "as recorded"),))
    assert (found.day, found.why_not) == (date(2022, 5, 6), "")


def test_a_site_goes_by_its_own_calendar_in_the_years_that_it_has():
    district = (Term(date(2021, 8, 10), date(2022, 5, 21)), Term(date(2022, 8, 9), date(2023, 5, 20)))
    own = Term(date(2022, 9, 1), date(2023, 6, 10))
    site = calendar_of("Heron High", [own], district)
    assert set(site.terms) == {own, district[0]}
    assert calendar_of("Heron High", [], district).terms == district


def test_another_basis_than_days_is_counted_too():
    before = replace(SIXTY, basis=Basis.DAY_BEFORE, direction=Direction.BEFORE, unit=None, count=None)
    october = replace(SIXTY, basis=Basis.FIXED_DATE, fixed_date="10-01", bound=Bound.NOT_BEFORE)
    assert due(before, date(2022, 3, 1)).day == date(2022, 2, 28)
    assert [due(october, one).day for one in (date(2022, 10, 1), date(2022, 10, 2))] == [
        date(2022, 10, 1),
        date(2023, 10, 1),
    ]
