"""Truth tables of who may leave with which code."""

from dataclasses import replace
from datetime import date

import pytest

from enrollment.rules.codes import exit_code
from enrollment.rules.exits import warnings_of_exit, why_not_exit
from enrollment.rules.facts import ExitFacts
from organizations.rules.profiles import Profile

ON = date(2026, 9, 4)
ATTENDING = ExitFacts(first_day=date(2026, 8, 10), has_special_education=False, grade="09")
NEVER_CAME = replace(ATTENDING, stage=4, attended=False)


def reason(code: str, facts: ExitFacts, on: date = ON) -> str | None:
    return why_not_exit(exit_code(Profile.DC, code), facts, on)


@pytest.mark.parametrize(
    ("code", "facts", "begins"),
    [
        pytest.param("1941", {}, None, id="attending, left the country"),
        pytest.param(
            "4321", {}, "4321 is for students who never attended", marks=pytest.mark.rule("OSSE-R3.05")
        ),
        pytest.param(
            "1234", {}, "1234 is for students who never attended", marks=pytest.mark.rule("OSSE-R3.05")
        ),
        pytest.param("1984", {}, "1984 says that the LEA has performed due diligence", id="A10"),
        pytest.param("1984", {"contact_efforts_recorded": True}, None, id="A10 recorded"),
        pytest.param("2022", {}, "2022 cannot be used yet", id="A8"),
    ],
)
def test_a_student_who_attended(code, facts, begins):
    said = reason(code, replace(ATTENDING, **facts))
    assert (said or "").startswith(begins or "")
    assert (said is None) is (begins is None)


@pytest.mark.parametrize(
    ("code", "facts", "begins"),
    [
        pytest.param("4321", {}, None, marks=pytest.mark.rule("OSSE-R3.01")),
        pytest.param("1941", {}, "A student who never attended leaves", marks=pytest.mark.rule("OSSE-R3.01")),
        pytest.param(
            "4321",
            {"has_special_education": True},
            "4321 is for general education only",
            marks=pytest.mark.rule("OSSE-R3.02"),
        ),
        pytest.param(
            "1234",
            {"contact_efforts_recorded": True},
            "1234 is for special education only",
            marks=pytest.mark.rule("OSSE-R3.03"),
        ),
        pytest.param(
            "1234",
            {"has_special_education": True},
            "1234 needs documented, significant attempts",
            marks=pytest.mark.rule("OSSE-R3.04"),
        ),
        pytest.param(
            "1234",
            {"has_special_education": True, "contact_efforts_recorded": True},
            None,
            marks=pytest.mark.rule("OSSE-R3.04"),
        ),
        pytest.param(
            "1234",
            {"has_special_education": True, "contact_efforts_recorded": True, "attended": True},
            "1234 is for students who never attended",
            marks=pytest.mark.rule("OSSE-R3.04"),
        ),
        pytest.param(
            "4321",
            {"evaluation_pending": True},
            "An evaluation of this student is pending",
            marks=pytest.mark.rule("OSSE-R3.08"),
        ),
        pytest.param(
            "1941",
            {"attended": True},
            "This student has attended: record the Stage 5 entry first",
            marks=pytest.mark.rule("CHECK-11"),
        ),
    ],
)
def test_a_student_at_stage_four(code, facts, begins):
    said = reason(code, replace(NEVER_CAME, **facts))
    assert (said or "").startswith(begins or "")
    assert (said is None) is (begins is None)


@pytest.mark.parametrize(
    ("born", "allowed"),
    [
        (date(2004, 9, 3), True),
        (date(2004, 9, 4), True),
        (date(2004, 9, 5), False),
        (date(2010, 1, 1), False),
        (None, False),
    ],
)
@pytest.mark.rule("OSSE-R5.06")
def test_1968_is_for_those_past_the_maximum_age(born, allowed):
    facts = replace(ATTENDING, has_special_education=True, birth_date=born)
    assert (reason("1968", facts) is None) is allowed


@pytest.mark.rule("CHECK-4")
def test_nobody_leaves_before_they_came():
    assert reason("1941", ATTENDING, date(2026, 8, 9)) == "The exit date is before the entry on Aug 10, 2026."
    assert reason("1941", ATTENDING, date(2026, 8, 10)) is None


@pytest.mark.rule("OSSE-R1.05")
def test_1968_before_its_first_school_year():
    facts = replace(ATTENDING, first_day=date(2015, 8, 10), birth_date=date(1990, 1, 1))
    assert reason("1968", facts, date(2016, 6, 30)) == "1968 is not valid before school year 2016-17."


@pytest.mark.parametrize(
    ("code", "on", "facts", "warnings"),
    [
        ("1941", ON, {}, ()),
        ("1941", ON, {"recorded_on": ON}, ()),
        pytest.param(
            "1941",
            ON,
            {"recorded_on": date(2026, 9, 17)},
            ("This date is 13 days back.",),
            marks=pytest.mark.rule("OSSE-R10.01"),
        ),
        pytest.param(
            "1962",
            date(2016, 6, 30),
            {},
            ("Before 2016-17 this may also be an IDEA maximum-age exit.",),
            marks=pytest.mark.rule("OSSE-R1.06"),
        ),
        ("1962", date(2016, 7, 1), {}, ()),
        (
            "1980",
            ON,
            {"birth_date": date(2008, 9, 4)},
            ("1980 is for students under 18; this student is older.",),
        ),
        ("1980", ON, {"birth_date": date(2008, 9, 5)}, ()),
    ],
)
def test_warnings_do_not_refuse(code, on, facts, warnings):
    assert warnings_of_exit(exit_code(Profile.DC, code), replace(ATTENDING, **facts), on) == warnings


def test_louisiana_exits_know_no_stages():
    code = exit_code(Profile.LA, "10")
    assert why_not_exit(code, replace(ATTENDING, stage=None), ON) is None
