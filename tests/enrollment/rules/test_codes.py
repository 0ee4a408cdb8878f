"""The code tables hold what the states print, and no more."""

from collections import Counter
from datetime import date

import pytest

from edfi.rules.tables import descriptors_of
from enrollment.rules.codes import (
    Category,
    Kind,
    codes_for,
    entry_code,
    entry_codes,
    exit_code,
    exit_codes,
    sped_exits,
    why_not_usable,
)
from enrollment.rules.exit_bases import exit_bases
from enrollment.rules.facts import ATTENDING, REGISTERED
from organizations.rules.profiles import Profile

TODAY = date(2026, 9, 17)
DC_EXITS = [row for row in exit_codes() if row.profile == Profile.DC]


@pytest.mark.rule("OSSE-R1.01")
def test_a_dc_code_is_four_digits():
    dc = [row.code for row in (*entry_codes(), *exit_codes()) if row.profile == Profile.DC]
    assert all(len(code) == 4 and code.isdigit() for code in dc)


@pytest.mark.rule("OSSE-R1.08")
def test_a_code_is_either_an_entry_or_an_exit():
    seen = Counter((row.profile, row.code) for row in (*entry_codes(), *exit_codes()))
    assert max(seen.values()) == 1


@pytest.mark.rule("OSSE-R2.01")
def test_no_code_puts_a_child_at_a_stage_that_is_the_districts_own():
    """Application and acceptance (1 to 3) are no state's business, and 6 is an obligation of Stage 4."""
    assert {row.stage for row in (*entry_codes(), *exit_codes())} == {None, REGISTERED, ATTENDING}


LEAVING = (Category.CREDENTIAL, Category.EXITED, Category.DISCHARGE, Category.DISENGAGEMENT)


@pytest.mark.rule("OSSE-R4.01")
@pytest.mark.parametrize("category", LEAVING)
def test_whoever_leaves_for_good_has_a_code_to_leave_with(category):
    usable = [row for row in codes_for(Profile.DC, Kind.EXIT, TODAY) if row.category == category]
    assert usable
    assert {row.stage for row in usable} == {ATTENDING}


def test_how_many_codes_each_state_has():
    counted = Counter((row.profile, row.kind) for row in (*entry_codes(), *exit_codes()))
    assert counted == {
        (Profile.DC, Kind.ENTRY): 3,
        (Profile.DC, Kind.EXIT): 29,
        (Profile.LA, Kind.ENTRY): 16,
        (Profile.LA, Kind.EXIT): 14,
        (Profile.WI, Kind.EXIT): 12,
    }


@pytest.mark.parametrize(
    ("code", "usable"),
    [("1968", True), ("1941", True), ("2022", False), ("1961", False), ("1987", False)],
)
def test_which_exit_codes_can_be_chosen(code, usable):
    assert (code in {row.code for row in codes_for(Profile.DC, Kind.EXIT, TODAY)}) is usable


@pytest.mark.parametrize(
    ("code", "on", "reason"),
    [
        ("1968", date(2016, 6, 30), "1968 is not valid before school year 2016-17."),
        ("1968", date(2016, 7, 1), None),
        ("1962", date(2015, 6, 30), None),
        ("2022", TODAY, "2022 cannot be used yet: the state's documents give no name for it."),
    ],
)
@pytest.mark.rule("OSSE-R1.05")
def test_a_code_is_used_while_it_is_valid(code, on, reason):
    assert why_not_usable(exit_code(Profile.DC, code), on) == reason


@pytest.mark.rule("OSSE-R1.05")
def test_1880_came_with_school_year_2016_17():
    reason = why_not_usable(entry_code(Profile.DC, "1880"), date(2016, 6, 30))
    assert reason == "1880 is not valid before school year 2016-17."


@pytest.mark.rule("OSSE-R2.04")
def test_only_1800_is_a_stage_four_entry():
    stages = {row.code: row.stage for row in entry_codes() if row.profile == Profile.DC}
    assert stages == {"1800": 4, "1811": 5, "1880": 5}


@pytest.mark.rule("OSSE-R3.01")
def test_only_the_no_show_codes_are_stage_four_exits():
    assert {row.code for row in DC_EXITS if row.stage == 4} == {"1234", "4321"}


@pytest.mark.rule("OSSE-R5.01")
def test_the_codes_that_leave_special_education_by_themselves():
    leaving = {row.code for row in DC_EXITS if row.leaves_special_education_roster == "yes"}
    assert leaving == {"2020", "2021", "1940", "1941", "1943", "1944", "1968"}


@pytest.mark.rule("OSSE-R7.04")
def test_the_codes_that_can_leave_the_cohort():
    leaving = {row.code for row in DC_EXITS if row.leaves_cohort == "after approval"}
    assert leaving == {"1940", "1941", "1942", "1943", "1944"}


@pytest.mark.rule("OSSE-R8.01")
def test_the_codes_that_count_as_dropouts():
    counting = {int(row.code) for row in DC_EXITS if row.counts_as_dropout == "grades 7-12"}
    assert counting == {1960, *range(1962, 1969), *range(1980, 1987), 1988, 1989, 1990}


@pytest.mark.rule("OSSE-R9.04")
def test_credentials_are_verified_by_others():
    verified = {row.code for row in DC_EXITS if row.category == Category.CREDENTIAL}
    assert verified == {row.code for row in DC_EXITS if row.documentation == "verify"}


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("1941", "Exited to a school outside of the United States"),
        ("4321", "No-show, general education students who have pre-enrolled"),
        ("2022", "No name is stated"),
    ],
)
def test_no_name_is_invented(code, meaning):
    assert exit_code(Profile.DC, code).meaning == meaning


def test_louisiana_says_nothing_about_the_effects_of_its_codes():
    louisiana = [row for row in exit_codes() if row.profile == Profile.LA]
    assert {row.leaves_special_education_roster for row in louisiana} == {"not stated"}
    assert {row.leaves_enrollment_roster for row in louisiana} == {"not stated"}


def test_a_reason_to_end_special_education_names_its_federal_category():
    categories = {row.code: row.federal_categories for row in sped_exits()}
    assert categories["X09"] == ("RMA",)
    assert categories["X06"] == ("GHS", "GRADALTDPL")
    assert categories["X14"] == ()


EDFI_REASONS = {"RMA": "Reached the age limit", "GHS": "Graduated with Diploma", "DROPOUT": "Dropped out",
                "MKC": "Transferred out"}  # fmt: skip


def test_the_basis_of_an_exit_code_is_of_a_known_code_and_says_what_the_states_api_is_told():
    told = descriptors_of("ED-FI")
    assert {row.code for row in exit_bases()} <= {row.code for row in DC_EXITS}
    for row in exit_bases():
        if len(row.federal_categories) == 1:
            uri = told["specialEducationExitReason", row.code]
            assert uri.partition("#")[2] == EDFI_REASONS[row.federal_categories[0]], row
