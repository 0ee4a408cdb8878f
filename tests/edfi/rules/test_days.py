"""The day on which the answer about a child changes though nobody edits anything."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edfi.rules.days import next_day
from edfi.rules.desired import desired_records
from edfi.rules.facts import ActivityFacts, Facts, FuturePolicy, IepFacts, StudentFacts, YearWindow

from .builders import SETTINGS, TODAY, an_enrollment, an_evaluation

PROGRAMS = replace(
    SETTINGS,
    years=tuple(YearWindow(year, programs=True) for year in (2025, 2026, 2027)),
    descriptors={**SETTINGS.descriptors, ("specialEducationSetting", "SC"): "uri://x#SC"},
)
near = st.integers(-20, 20).map(lambda days: TODAY + timedelta(days=days))
maybe = st.none() | near
FAR = 25

evaluations = st.builds(
    an_evaluation, id=st.integers(1, 3), determination_date=maybe, outcome=st.sampled_from(["ELIG", ""])
)
enrollments = st.builds(
    lambda first, length, only: an_enrollment(
        first_day=first,
        last_day=None if length is None else first + timedelta(days=length),
        state_exclude=only,
        eval_only=only,
    ),
    near,
    st.none() | st.integers(0, 20),
    st.booleans(),
)
ieps = st.builds(IepFacts, official_day=near, id=st.integers(1, 3), first_day=maybe, replaced_from=maybe)
activities = st.builds(ActivityFacts, first_day=near, last_day=maybe)


def some(each):
    return st.lists(each, max_size=2).map(tuple)


children = st.builds(
    Facts,
    st.just(StudentFacts(5, "604822")),
    some(evaluations),
    some(enrollments),
    some(ieps),
    some(activities),
)
connections = st.builds(
    replace,
    st.sampled_from([SETTINGS, PROGRAMS]),
    future_policy=st.sampled_from(FuturePolicy),
    years_apart=st.booleans(),
)


@pytest.mark.rule("EDFI-D1")
@given(children, connections)
@settings(max_examples=60)
def test_until_that_day_the_answer_stays_as_it_is(child: Facts, connection) -> None:
    today, day = desired_records(child, connection, TODAY), next_day(child, connection, TODAY)
    end = min(day or date.max, TODAY + timedelta(days=FAR))

    for ahead in range(1, (end - TODAY).days):
        assert desired_records(child, connection, TODAY + timedelta(days=ahead)) == today


@pytest.mark.rule("EDFI-D1", "EDFI-R47")
@pytest.mark.parametrize(
    ("child", "changes"),
    [
        (Facts(StudentFacts(5, "604822"), enrollments=(an_enrollment(),)), False),
        (Facts(StudentFacts(5, "604822"), enrollments=(an_enrollment(last_day=date(2026, 5, 29)),)), True),
        (Facts(StudentFacts(5, "604822"), (an_evaluation(determination_date=date(2026, 5, 29)),)), True),
    ],
)
def test_it_is_the_next_of_the_days_that_lie_ahead(child: Facts, changes: bool) -> None:
    assert next_day(child, SETTINGS, TODAY) == (date(2026, 5, 29) if changes else None)
