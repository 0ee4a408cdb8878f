"""The worked examples: each deadline, each state, counted as an expert counts it."""

from datetime import date

import pytest

from evaluations.rules import clock
from evaluations.rules.account import CountedDay, account
from evaluations.rules.clock import Pause
from evaluations.rules.countings import counting_on, countings, parts_of, versions_of
from tests.evaluations.clock.examples import calendars, examples, optional


def cited() -> list:
    return [
        pytest.param(one, id=str(one), marks=pytest.mark.rule(f"DEADLINE-{one.deadline}"))
        for one in examples()
    ]


@pytest.mark.parametrize("example", cited())
def test_a_worked_example(example):
    counted = example.counted()
    assert counted.day == optional(example.due)
    assert example.says in counted.why_not + counted.note
    assert bool(counted.why_not) is (counted.day is None)


def test_every_row_of_the_table_has_an_example():
    shown = {versions_of(one.deadline, one.state, one.part)[0] for one in examples()}
    assert set(countings()) - shown == set()


def test_a_part_is_named_where_it_applies():
    assert parts_of("D01", "DC") == ("", "efforts completed", "oral referral")
    assert parts_of("D01", "WI") == ("",)
    assert parts_of("D07", "WI") == ()


@pytest.mark.rule("DEADLINE-D02")
@pytest.mark.parametrize(
    ("state", "due"),
    [("LA", date(2022, 4, 12)), ("DC", date(2022, 3, 11)), ("WI", date(2022, 3, 11))],
)
def test_one_consent_and_three_results(state, due):
    """One calendar: six closed days move Louisiana's business days, calendar days run through them."""
    consent = date(2022, 1, 10)
    counting = counting_on("D02", state, consent)
    assert clock.due(counting, consent, calendars()["Cypress Parish"]).day == due


@pytest.mark.rule("DEADLINE-D02")
def test_the_account_names_each_day_that_did_not_count():
    consent, parish = date(2022, 1, 10), calendars()["Cypress Parish"]
    told = account(clock.due(counting_on("D02", "LA", consent), consent, parish), parish)
    assert told[0] == CountedDay(consent, 0, "consent received")
    assert told[-1] == CountedDay(date(2022, 4, 12), 60)
    assert [row for row in told if row.words.startswith("closed")] == [
        CountedDay(date(2022, 1, 17), None, "closed: Martin Luther King Day"),
        CountedDay(date(2022, 2, 28), None, "closed: Mardi Gras break"),
        *(CountedDay(date(2022, 3, n), None, "closed: Mardi Gras break") for n in range(1, 5)),
    ]
    assert {row.words for row in told if row.day.weekday() >= 5} == {"weekend"}


def test_the_account_tells_of_pauses_and_of_summer():
    removed, parish = date(2022, 5, 16), calendars()["Cypress Parish"]
    pauses = (Pause(date(2022, 5, 18), date(2022, 5, 19), "in hospital"),)
    counting = counting_on("D30", "LA", removed)
    told = account(clock.due(counting, removed, parish, pauses), parish, pauses)
    words = {row.day: row.words for row in told}
    assert words[date(2022, 5, 19)] == "paused: in hospital"
    assert words[date(2022, 5, 23)] == "outside the school year"
    assert told[-1].number == 45


@pytest.mark.parametrize("example", examples(), ids=str)
def test_the_account_ends_on_the_due_day_of_every_example(example):
    counted = example.counted()
    told = account(counted, calendars().get(example.calendar), example.pauses, example.extensions)
    assert told[0].day == counted.start
    assert counted.day in (None, told[-1].day)
