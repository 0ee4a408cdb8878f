"""OPEN, MET, LATE, EXCUSED, and what may not come too early."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.rules.clock import due
from evaluations.rules.countings import counting_on
from evaluations.rules.standing import Standing, days_late, standing, why_not_yet

DUE = date(2022, 4, 12)
BEFORE, AFTER = DUE - timedelta(days=1), DUE + timedelta(days=1)
DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    ("due_day", "met_on", "excuse", "today", "stands"),
    [
        (DUE, None, "", BEFORE, Standing.OPEN),
        (DUE, None, "", DUE, Standing.OPEN),
        (DUE, None, "", AFTER, Standing.LATE),
        (DUE, DUE, "", AFTER, Standing.MET),
        (DUE, BEFORE, "", BEFORE, Standing.MET),
        (DUE, AFTER, "", AFTER, Standing.LATE),
        (DUE, AFTER, "", BEFORE, Standing.LATE),
        (DUE, AFTER, "child not produced", AFTER, Standing.EXCUSED),
        (DUE, None, "child not produced", BEFORE, Standing.EXCUSED),
        (DUE, None, "child not produced", AFTER, Standing.EXCUSED),
        (DUE, DUE, "child not produced", AFTER, Standing.MET),
        (None, None, "", AFTER, Standing.OPEN),
        (None, AFTER, "", AFTER, Standing.MET),
        (None, None, "as agreed", AFTER, Standing.EXCUSED),
    ],
)
def test_how_a_deadline_stands(due_day, met_on, excuse, today, stands):
    assert standing(due_day, met_on, today, excuse) is stands


@settings(max_examples=40)
@given(DAYS, st.none() | DAYS, DAYS, st.booleans())
def test_time_alone_turns_only_open_into_late(due_day, met_on, today, excused):
    excuse = "as agreed" if excused else ""
    now, tomorrow = (standing(due_day, met_on, day, excuse) for day in (today, today + timedelta(days=1)))
    assert now is tomorrow or (now, tomorrow, today) == (Standing.OPEN, Standing.LATE, due_day)


@pytest.mark.parametrize(
    ("due_day", "met_on", "today", "days"),
    [
        (DUE, AFTER, DUE + timedelta(days=9), 1),
        (DUE, None, AFTER, 1),
        (DUE, None, DUE, 0),
        (None, None, DUE, 0),
    ],
)
def test_days_late_are_calendar_days(due_day, met_on, today, days):
    assert days_late(due_day, met_on, today) == days


@pytest.mark.rule("DEADLINE-D10")
@pytest.mark.parametrize(
    ("on", "agreed", "says"),
    [
        (
            date(2023, 4, 11),
            False,
            "Reevaluation not more than once a year: "
            "not before Apr 12, 2023, unless that is agreed and recorded.",
        ),
        (date(2023, 4, 11), True, None),
        (date(2023, 4, 12), False, None),
    ],
)
def test_a_second_reevaluation_within_a_year_is_agreed_on(on, agreed, says):
    last = due(counting_on("D10", "LA", DUE), DUE)
    assert last.counting.soft
    assert why_not_yet(last, on, agreed) == says


def test_a_due_day_forbids_nothing_before_it():
    assert why_not_yet(due(counting_on("D08", "LA", DUE), DUE), BEFORE) is None
