"""Deadlines at an age."""

from dataclasses import replace
from datetime import date

import pytest

from evaluations.rules.ages import (
    due_at_age,
    last_day_of_eligibility,
    needs_transition_plan,
    part_c_notice_due,
)
from organizations.rules.profiles import AgeOutRule, Profile, state_profile

BORN = date(2020, 1, 15)


@pytest.mark.rule("DEADLINE-D12")
@pytest.mark.parametrize(
    ("referred", "due"),
    [
        (date(2021, 6, 1), date(2022, 10, 17)),
        (date(2022, 12, 1), date(2022, 10, 17)),
        (date(2022, 12, 2), None),
        (date(2023, 1, 14), None),
    ],
)
def test_no_notification_after_a_referral_less_than_45_days_before_the_birthday(referred, due):
    found = part_c_notice_due("LA", BORN, referred)
    assert (found and found.day) == due


@pytest.mark.rule("DEADLINE-D15")
@pytest.mark.parametrize(
    ("state", "iep_ends", "needed"),
    [
        ("LA", date(2036, 1, 14), False),
        ("LA", date(2036, 1, 15), True),
        ("LA", date(2037, 1, 15), True),
        ("WI", date(2034, 1, 14), False),
        ("WI", date(2034, 1, 15), True),
        ("DC", date(2034, 1, 15), True),
    ],
)
def test_an_iep_whose_year_contains_the_birthday_has_a_transition_plan(state, iep_ends, needed):
    assert needs_transition_plan(state, BORN, iep_ends) is needed


@pytest.mark.rule("DEADLINE-D37")
@pytest.mark.parametrize(
    ("rule", "last_day"),
    [(AgeOutRule.BIRTHDAY, date(2042, 1, 15)), (AgeOutRule.END_OF_SCHOOL_YEAR, date(2042, 6, 30))],
)
def test_eligibility_ends_as_the_state_profile_says(rule, last_day):
    profile = replace(state_profile(Profile.LA), age_out_rule=rule)
    assert last_day_of_eligibility(profile, BORN) == last_day


@pytest.mark.rule("DEADLINE-D37")
@pytest.mark.parametrize("state", ["LA", "DC", "WI"])
def test_the_table_and_the_state_profile_know_the_same_highest_age(state):
    found = due_at_age("D37", state, BORN)
    assert found.counting.age == state_profile(Profile(state)).idea_max_age


@pytest.mark.rule("DEADLINE-D14")
def test_no_birthday_starts_an_evaluation():
    assert due_at_age("D02", "LA", BORN) is None
    assert due_at_age("D14", "LA", BORN).day == date(2023, 1, 15)
