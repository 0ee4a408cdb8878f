"""Truth tables of who may enter with which code."""

from datetime import date

import pytest

from enrollment.rules.codes import entry_code
from enrollment.rules.entries import why_not_enter
from enrollment.rules.facts import EntryFacts
from organizations.rules.profiles import Profile

FIRST_SCHOOL_DAY = date(2026, 8, 24)


def reason(code: str, on: date, **facts) -> str | None:
    return why_not_enter(entry_code(Profile.DC, code), EntryFacts(**facts), on)


@pytest.mark.parametrize(
    ("forms", "agreement", "on", "says"),
    [
        pytest.param(
            None,
            date(2026, 8, 3),
            date(2026, 8, 3),
            "The enrollment forms have not been received yet.",
            marks=pytest.mark.rule("OSSE-R2.03"),
        ),
        pytest.param(
            date(2026, 8, 3),
            None,
            date(2026, 8, 3),
            "The letter of enrollment agreement has not been received yet.",
            marks=pytest.mark.rule("OSSE-R2.03"),
        ),
        pytest.param(
            date(2026, 8, 1),
            date(2026, 8, 3),
            date(2026, 8, 3),
            None,
            marks=pytest.mark.rule("OSSE-R2.02"),
        ),
        pytest.param(
            date(2026, 8, 1),
            date(2026, 8, 3),
            date(2026, 8, 1),
            "1800 is dated the day the paperwork was complete: Aug 3, 2026.",
            marks=pytest.mark.rule("OSSE-R2.02"),
        ),
    ],
)
def test_registration_needs_both_documents(forms, agreement, on, says):
    assert reason("1800", on, forms_received_on=forms, agreement_received_on=agreement) == says


@pytest.mark.parametrize(
    ("attended", "on", "says"),
    [
        pytest.param(
            None,
            FIRST_SCHOOL_DAY,
            "A Stage 5 entry needs a recorded day of attendance at this LEA.",
            marks=pytest.mark.rule("OSSE-R2.05"),
        ),
        pytest.param(FIRST_SCHOOL_DAY, FIRST_SCHOOL_DAY, None, marks=pytest.mark.rule("OSSE-R2.06")),
        pytest.param(date(2026, 9, 1), date(2026, 9, 1), None, marks=pytest.mark.rule("OSSE-R2.06")),
        pytest.param(
            date(2026, 9, 1),
            FIRST_SCHOOL_DAY,
            "A Stage 5 entry is dated the first day attended: Sep 1, 2026.",
            marks=pytest.mark.rule("OSSE-R2.06"),
        ),
        pytest.param(
            FIRST_SCHOOL_DAY,
            date(2026, 8, 20),
            "A Stage 5 entry cannot be before the first official school day, Aug 24, 2026.",
            marks=pytest.mark.rule("OSSE-R2.06"),
        ),
        pytest.param(date(2026, 8, 20), FIRST_SCHOOL_DAY, None, id="came early, begins with the school"),
    ],
)
def test_attending_begins_with_the_first_day_attended(attended, on, says):
    assert reason("1880", on, first_attended=attended, first_school_day=FIRST_SCHOOL_DAY) == says


@pytest.mark.parametrize(
    ("previous", "exited", "on", "says"),
    [
        ("", None, date(2026, 9, 4), "1811 needs an exit with 2040 before it."),
        ("1941", date(2026, 9, 4), date(2026, 9, 4), "1811 needs an exit with 2040 before it."),
        ("2040", date(2026, 9, 4), date(2026, 9, 4), None),
        ("2040", date(2026, 9, 4), date(2026, 9, 5), None),
        (
            "2040",
            date(2026, 9, 4),
            date(2026, 9, 6),
            "1811 follows 2040 without a gap: the exit was on Sep 4, 2026.",
        ),
    ],
)
@pytest.mark.rule("OSSE-R6.02")
def test_1811_follows_2040(previous, exited, on, says):
    assert reason("1811", on, previous_exit_code=previous, previous_exit_on=exited) == says


@pytest.mark.rule("OSSE-R1.05")
def test_1880_before_its_first_school_year():
    assert reason("1880", date(2016, 6, 30)) == "1880 is not valid before school year 2016-17."


def test_louisiana_entries_ask_for_nothing():
    assert why_not_enter(entry_code(Profile.LA, "E2"), EntryFacts(), date(2026, 8, 10)) is None
