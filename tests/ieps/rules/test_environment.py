"""The setting that follows from the services of a week."""

from datetime import date
from fractions import Fraction

import pytest

from ieps.environment import IMPOSSIBLE, OPEN, UNKNOWN, computed
from ieps.rules.codes import CodeSet, codes
from ieps.rules.conditions import Circumstances, holds
from ieps.rules.environment import (
    Week,
    computed_codes,
    is_early_childhood,
    of_early_childhood,
    of_school_age,
)
from ieps.rules.service_minutes import ServiceLine, inside, outside, weeks

TODAY = date(2026, 9, 17)


def line(minutes=30, sessions=2, per="W", location="SPE", recipient="S") -> ServiceLine:
    return ServiceLine(minutes, sessions, per, location, recipient)


def row(minutes="45", sessions="5", per="W", location="SPE", recipient="S", service="SEI"):
    return {
        "service": service, "recipient": recipient, "minutes": minutes, "sessions": sessions,
        "per": per, "location": location,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "sessions", "per", "a_week"),
    [
        (45, 1, "D", 225),
        (30, 2, "D", 300),
        (45, 5, "W", 225),
        (30, 2, "M", 15),
        (60, 9, "Y", 15),
        (20, 1, "Y", Fraction(5, 9)),
    ],
)
def test_sessions_of_each_period_become_minutes_a_week(minutes, sessions, per, a_week):
    assert line(minutes, sessions, per).a_week == a_week


def test_every_period_of_the_form_has_its_weeks():
    assert set(weeks()) == {row.code for row in codes(CodeSet.SERVICE_PERIOD)}


@pytest.mark.parametrize(
    ("location", "recipient", "is_outside"),
    [
        ("SPE", "S", True),
        ("SPE", "TPS", True),
        ("SPE", "NS", True),
        ("SPE", "T", False),
        ("SPE", "P", False),
        ("REG", "S", False),
    ],
)
def test_a_service_in_a_special_class_takes_the_student_out(location, recipient, is_outside):
    assert line(location=location, recipient=recipient).is_outside is is_outside


def test_minutes_are_summed_by_where_they_are():
    lines = [line(45, 5), line(30, 2), line(30, 2, location="REG"), line(15, 1, recipient="T")]
    assert (outside(lines), inside(lines)) == (285, 60)


@pytest.mark.parametrize(
    ("total", "out", "code"),
    [
        (1800, 0, "RC80"),
        (1800, 360, "RC80"),  # 80 percent exactly
        (1800, 361, "RC79TO40"),
        (1950, 420, "RC79TO40"),
        (1800, 1080, "RC79TO40"),  # 40 percent exactly
        (1800, 1081, "RC39"),
        (1800, 1800, "RC39"),
        (1000, Fraction(2001, 10), "RC79TO40"),  # 79.99 percent is not 80
    ],
)
def test_the_share_of_the_day_names_the_setting(total, out, code):
    assert of_school_age(Week(total, Fraction(0), Fraction(out))).code == code


@pytest.mark.parametrize(
    ("out", "words"),
    [
        (420, "30 minutes a week less outside the regular class would make it RC80."),
        (Fraction(781, 2), "1 minute a week less outside the regular class would make it RC80."),
        (1300, "130 minutes a week less outside the regular class would make it RC79TO40."),
        (100, "It stays RC80 up to 390 minutes a week outside the regular class."),
    ],
)
def test_it_says_how_far_the_next_setting_is(out, words):
    assert of_school_age(Week(1950, Fraction(0), Fraction(out))).words == words


@pytest.mark.parametrize(
    ("total", "within", "out", "code"),
    [
        (1800, 60, 30, "REC10YSVCS"),
        (1800, 30, 60, "REC10YOTHLOC"),
        (600, 30, 0, "REC10YSVCS"),  # ten hours exactly
        (599, 30, 0, "REC09YSVCS"),
        (600, 30, 60, "REC09YOTHLOC"),  # an hour of the ten is elsewhere
        (1800, 30, 30, ""),  # no majority
        (600, 0, 600, ""),  # no regular program
    ],
)
def test_hours_of_the_program_and_the_place_of_most_services_name_the_setting(total, within, out, code):
    assert of_early_childhood(Week(total, Fraction(within), Fraction(out))).code == code


@pytest.mark.parametrize(
    ("born", "grade", "young"),
    [
        (date(2022, 9, 1), "20", True),
        (date(2021, 9, 1), "24", True),
        (date(2021, 9, 1), "25", False),  # five in kindergarten
        (date(2020, 9, 17), "20", False),  # six today
        (date(2020, 9, 18), "20", True),
        (date(2021, 9, 1), "", True),
        (date(2015, 9, 1), "06", False),
    ],
)
def test_three_to_five_and_not_in_kindergarten_is_early_childhood(born, grade, young):
    assert is_early_childhood(born, grade, TODAY) is young


def test_what_is_computed_is_among_the_codes_that_are_computed():
    rows = (*codes(CodeSet.LRE_SCHOOL_AGE), *codes(CodeSet.LRE_EARLY_CHILDHOOD))
    assert computed_codes() == {row.code for row in rows if row.computed}


def test_the_example_of_the_form():
    rows = [row(), row(sessions="3"), row("30", "2"), row("30", "2", location="REG")]
    found = computed(rows, "1,950", young=False, today=TODAY)
    assert (found.code, found.percent_words, found.outside_words) == ("RC79TO40", "78.4", "420")


@pytest.mark.parametrize(
    ("rows", "total", "words"),
    [
        ([], "1950", UNKNOWN),
        ([row()], "", UNKNOWN),
        ([row(minutes="many")], "1950", UNKNOWN),
        ([row("60", "8", "D")], "1950", IMPOSSIBLE),
        ([row(), row(location="COM")], "1950", OPEN),
    ],
)
def test_what_cannot_be_computed_is_said(rows, total, words):
    found = computed(rows, total, young=False, today=TODAY)
    assert (found.code, found.environment.words) == ("", words)


def test_a_line_that_is_not_complete_is_named_as_not_counted():
    found = computed([row(), row(per="")], "1950", young=False, today=TODAY)
    assert (found.open, len(found.lines)) == (1, 1)


@pytest.mark.parametrize(
    ("chosen", "follows", "asked"),
    [
        ("", "RC79TO40", False),
        ("RC80", "RC80", False),
        ("RC80", "", False),
        ("RC80", "RC79TO40", True),
        ("RC79TO40", "RC79TO40", True),
        ("SS", "RC80", True),
    ],
)
def test_removal_and_a_setting_that_was_not_computed_ask_for_reasons(chosen, follows, asked):
    now = Circumstances(answers={"PLC.lre": chosen}, computed_setting=follows)
    assert holds("less_than_80_percent", now) is asked
