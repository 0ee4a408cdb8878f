"""What the state profiles promise."""

from datetime import UTC, datetime

import pytest

from organizations.rules.places import SiteKind, grade_level, grades, site_kinds
from organizations.rules.profiles import Profile, state_profile, state_profiles


def test_table_and_enum_have_the_same_states():
    assert {row.profile for row in state_profiles()} == set(Profile)


def test_table_and_enum_have_the_same_kinds_of_sites():
    assert {row.kind for row in site_kinds()} == set(SiteKind)


@pytest.mark.parametrize(
    ("what", "instant"),
    [
        pytest.param("roll_up", datetime(2022, 9, 5, 5, tzinfo=UTC), marks=pytest.mark.rule("ROL-01")),
        pytest.param("freeze", datetime(2022, 7, 25, 4, 59, tzinfo=UTC), marks=pytest.mark.rule("RLO-01")),
        pytest.param("go_live", datetime(2022, 8, 1, 5, tzinfo=UTC), marks=pytest.mark.rule("RLO-17")),
    ],
)
def test_louisiana_cuts_over_by_the_clock_in_chicago(what, instant):
    assert getattr(state_profile(Profile.LA), what) == instant


@pytest.mark.rule("EDFI-R41")
def test_of_the_three_states_only_wisconsin_names_an_edfi_program():
    programs = {
        row.profile: (row.edfi_program_organization_id, row.edfi_program_type)
        for row in state_profiles()
        if row.profile != Profile.DEMO
    }
    assert programs == {Profile.LA: (None, ""), Profile.DC: (None, ""), Profile.WI: (48856, "SPED")}


@pytest.mark.parametrize(("grade", "level"), [("07", 7), ("T9", 9), ("12", 12), ("25", None), ("35", None)])
def test_a_grade_has_its_level(grade, level):
    assert grade_level(grade) == level


def test_grades_stand_in_order_of_age():
    assert [row.grade for row in grades()][:3] == ["16", "17", "15"]
    assert [row.level for row in grades() if row.level] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 11, 12]
