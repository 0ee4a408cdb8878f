"""The table of countings: it covers the deadlines, and code knows the same words."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest

from evaluations.rules import countings as table
from evaluations.rules.ages import due_at_age
from evaluations.rules.clock import due
from evaluations.rules.countings import (
    Basis,
    Bound,
    Direction,
    Event,
    Length,
    Unit,
    counting_on,
    countings,
    versions_of,
)
from evaluations.rules.deadlines import deadlines
from organizations.rules.profiles import Profile
from rulebook.tables import BadTable

DAY = date(2022, 1, 10)


def test_every_deadline_has_a_row():
    assert {row.deadline for row in countings()} == {row.deadline for row in deadlines()}


@pytest.mark.parametrize(
    ("words", "column"), [(Basis, "basis"), (Direction, "direction"), (Bound, "bound"), (Length, "length")]
)
def test_table_and_enum_have_the_same_members(words, column):
    assert {getattr(row, column) for row in countings()} == set(words)


def test_units_and_events_are_all_used():
    assert {row.unit for row in countings()} - {None} == set(Unit)
    assert {row.starts_with for row in countings()} | {row.met_by for row in countings()} == set(Event)


def test_states_are_those_of_the_deadlines():
    assert {row.state for row in countings()} == {None, Profile.LA, Profile.DC, Profile.WI}


def test_the_numbers_of_the_deadlines_are_the_numbers_that_are_counted():
    counted = defaultdict(set)
    for row in countings():
        counted[row.deadline].add(row.count)
    numbers = {row.deadline: abs(int(row.length)) for row in deadlines() if row.length.lstrip("-").isdigit()}
    assert {number for number, count in numbers.items() if count not in counted[number]} == set()


def test_what_nobody_states_is_not_counted():
    for row in countings():
        assert (row.length is Length.NOT_STATED) is (row.basis is Basis.NOT_COUNTED)
        assert bool(row.why_not) is (row.basis is Basis.NOT_COUNTED)


@pytest.mark.parametrize(
    "change",
    [
        {"count": None},
        {"unit": None},
        {"basis": Basis.FIXED_DATE},
        {"basis": Basis.AS_DEADLINE},
        {"basis": Basis.NOT_COUNTED},
        {"basis": Basis.DAY_BEFORE},
        {"age": 3},
        {"starts_with": Event.BIRTHDAY},
    ],
)
def test_a_row_that_cannot_be_counted_stops_the_program_at_start(change):
    with pytest.raises(BadTable, match="D02 LA"):
        replace(counting_on("D02", "LA", DAY), **change)


def test_a_district_chooses_only_what_is_its_setting():
    assert counting_on("D21", "LA", DAY).with_length(7).length_in_words == "7 calendar days"
    for number, length in (("D02", 45), ("D21", -1)):
        with pytest.raises(ValueError, match="cannot be chosen"):
            counting_on(number, "LA", DAY).with_length(length)


def test_a_deadline_without_a_row_for_the_state_does_not_apply_there():
    assert counting_on("D07", "WI", DAY) is None


@pytest.mark.rule("DEADLINE-D03")
def test_a_deadline_that_runs_as_another_says_so():
    assert counting_on("D03", "LA", DAY).version == "D03, as D02 LA"
    assert counting_on("D31", "LA", DAY).bound is Bound.NOT_LONGER


@pytest.fixture
def changed_rules(monkeypatch):
    """In place of the table: a length that changed at New Year of 2022, an age that changed on its July 1."""
    days, age = counting_on("D05", "DC", DAY), counting_on("D15", "WI", DAY)
    old_year, new_year = {"last_day": date(2021, 12, 31)}, {"first_day": date(2022, 1, 1)}
    rows = (
        days,
        replace(days, state=Profile.LA, count=45, **old_year),
        replace(days, state=Profile.LA, count=20, **new_year),
        replace(age, age=16, last_day=date(2022, 6, 30)),
        replace(age, age=14, first_day=date(2022, 7, 1)),
    )
    monkeypatch.setattr(table, "countings", lambda: rows)
    versions_of.cache_clear()
    yield
    versions_of.cache_clear()


@pytest.mark.parametrize(
    ("state", "start", "day", "version"),
    [
        ("LA", date(2021, 12, 31), date(2022, 2, 14), "D05 LA"),
        ("LA", date(2022, 1, 1), date(2022, 1, 21), "D05 LA, from Jan 1, 2022"),
        ("WI", date(2022, 1, 1), date(2022, 1, 31), "D05"),
    ],
)
def test_the_version_of_the_starting_day_applies_and_is_told(changed_rules, state, start, day, version):
    found = due(counting_on("D05", state, start), start)
    assert (found.day, found.counting.version) == (day, version)


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(2006, 6, 30), date(2022, 6, 30)),
        (date(2008, 7, 1), date(2022, 7, 1)),
        (date(2007, 1, 1), date(2021, 1, 1)),
    ],
)
def test_the_version_of_the_birthday_applies_and_leaves_nobody_between_two(changed_rules, born, day):
    assert due_at_age("D15", "WI", born).day == day
