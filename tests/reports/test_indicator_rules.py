"""Indicators 11 and 12 by their formulas: who is counted, who is left out, and how late one is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.rules import early_transition, timely_evaluation
from reports.rules.early_transition import Moving, Transition, transition
from reports.rules.indicators import Counts, Share, excepted, exceptions, indicator, share
from reports.rules.timely_evaluation import Timed, Timeliness, timeliness

DUE, TODAY = date(2026, 10, 31), date(2026, 11, 20)
LATER = date(2026, 11, 10)
CASE = Timed(counted_to=DUE, due=DUE)


def day(n: int) -> date:
    return DUE + timedelta(days=n)


@pytest.mark.rule("DEADLINE-D02")
@pytest.mark.parametrize(
    ("facts", "stands", "late"),
    [
        ({"completed": day(0)}, Timeliness.IN_TIME, 0),
        ({"completed": day(1)}, Timeliness.LATE, 1),
        ({}, Timeliness.OVERDUE, 20),
        ({"counted_to": day(20), "due": day(20)}, Timeliness.RUNNING, 0),
        # An extension moves the day, but not for who is in time without it.
        ({"due": LATER, "completed": day(1)}, Timeliness.IN_TIME, 0),
        ({"due": LATER, "completed": day(10)}, Timeliness.IN_TIME, 0),
        ({"due": LATER, "completed": day(11)}, Timeliness.LATE, 1),
        ({"due": LATER}, Timeliness.OVERDUE, 10),
        # 34 CFR 300.301(d): neither in the numerator nor in the denominator.
        ({"excepted": True}, Timeliness.EXCEPTED, 0),
        ({"excepted": True, "completed": day(9)}, Timeliness.EXCEPTED, 0),
        ({"excepted": True, "due": LATER, "completed": day(9)}, Timeliness.EXCEPTED, 0),
        ({"excepted": True, "completed": day(-3)}, Timeliness.IN_TIME, 0),
        # A withdrawal ends the duty, but does not undo that it was late.
        ({"withdrawn": day(-1)}, Timeliness.WITHDRAWN, 0),
        ({"withdrawn": day(0)}, Timeliness.WITHDRAWN, 0),
        ({"withdrawn": day(5)}, Timeliness.OVERDUE, 5),
        ({"counted_to": None, "due": None}, Timeliness.NO_DAY, 0),
        ({"counted_to": None, "due": None, "completed": day(1)}, Timeliness.NO_DAY, 0),
    ],
)
def test_an_initial_evaluation_stands(facts, stands, late):
    case = replace(CASE, **facts)
    assert timeliness(case, TODAY) is stands
    assert timely_evaluation.days_late(case, TODAY) == late


BORN = date(2023, 10, 31)
CHILD = Moving(birth_date=BORN, referred=day(-120))


@pytest.mark.rule("DEADLINE-D14")
@pytest.mark.parametrize(
    ("facts", "stands", "late"),
    [
        ({"iep_from": day(0), "eligible": True}, Transition.IN_TIME, 0),
        ({"iep_from": day(1), "eligible": True}, Transition.LATE, 1),
        ({}, Transition.OVERDUE, 20),
        ({"determined": day(-9), "eligible": True}, Transition.OVERDUE, 20),
        # b: decided before the birthday, not on it.
        ({"determined": day(-1)}, Transition.NOT_ELIGIBLE, 0),
        ({"determined": day(0)}, Transition.LATE, 0),
        ({"determined": day(4)}, Transition.LATE, 4),
        # d and e excuse nobody who was in time, and nothing else is asked of whom they excuse.
        ({"refused_on": day(0)}, Transition.REFUSED, 0),
        ({"refused_on": day(-60), "iep_from": day(0)}, Transition.IN_TIME, 0),
        ({"refused_on": day(-60), "iep_from": day(9)}, Transition.REFUSED, 0),
        ({"excepted": True}, Transition.REFUSED, 0),
        ({"excepted": True, "refused_on": day(5)}, Transition.REFUSED, 0),
        # A refusal after the birthday ends the duty, but does not undo that it was late.
        ({"refused_on": day(1)}, Transition.OVERDUE, 1),
        ({"refused_on": day(5), "iep_from": day(9)}, Transition.LATE, 9),
        ({"refused_on": day(5), "referred": day(-20)}, Transition.LATE_REFERRAL, 0),
        ({"referred": day(-90)}, Transition.OVERDUE, 20),
        ({"referred": day(-89)}, Transition.LATE_REFERRAL, 0),
        ({"referred": day(-89), "iep_from": day(-1)}, Transition.IN_TIME, 0),
        ({"referred": None}, Transition.OVERDUE, 20),
        # Where the referral to Part C is known, it is the one that counts.
        ({"early_since": day(-89)}, Transition.LATE_REFERRAL, 0),
        ({"early_since": day(-90), "referred": day(-20)}, Transition.OVERDUE, 20),
        ({"went_on": True}, Transition.WENT_ON, 0),
        ({"went_on": True, "iep_from": day(0)}, Transition.IN_TIME, 0),
        ({"went_on": True, "iep_from": day(9)}, Transition.WENT_ON, 0),
        ({"birth_date": date(2023, 12, 1)}, Transition.RUNNING, 0),
    ],
)
def test_a_child_of_early_intervention_stands(facts, stands, late):
    child = replace(CHILD, **facts)
    assert transition(child, TODAY) is stands
    assert early_transition.days_late(child, TODAY) == late


@pytest.mark.parametrize(
    ("recorded", "is_one"),
    [
        (("PAR", "", ""), True), (("TRF", "", ""), True), (("", "C", ""), True), (("", "T", ""), True),
        (("", "", "MOVE"), True), (("SLD", "I", ""), False), (("EOY", "OTHER", "ELIG"), False),
        (("", "", ""), False),
    ],
)  # fmt: skip
def test_only_what_the_law_names_is_an_exception(recorded, is_one):
    assert bool(excepted(*recorded)) is is_one
    assert all(row.authority.startswith("34 CFR 300.301(d)") for row in exceptions())


def test_each_state_has_its_own_words_where_it_counts_otherwise():
    assert "60 business days" in indicator(11, "LA").measure
    assert indicator(11, "WI") == indicator(11, "DEMO") == indicator(11, "DC")
    assert indicator(12, "DC") != indicator(12, "LA")


@pytest.mark.parametrize(
    ("in_time", "counted", "words"),
    [(0, 0, ""), (41, 43, "95.3 %"), (0, 5, "0.0 %"), (7, 7, "100.0 %"), (99_999, 100_000, "99.9 %")],
)
def test_a_share_is_never_rounded_up_to_all(in_time, counted, words):
    assert str(Share(in_time, counted)) == words


@settings(max_examples=25)
@given(st.lists(st.sampled_from([*Timeliness, *Transition]), max_size=12))
def test_the_share_is_that_of_a_naive_count(standings):
    naive = {Counts.IN_TIME: 0, Counts.NOT_IN_TIME: 0, Counts.LEFT_OUT: 0, Counts.NOT_YET: 0}
    for each in standings:
        naive[each.counts] += 1
    part = share(standings)
    assert part.in_time == naive[Counts.IN_TIME]
    assert part.counted == len(standings) - naive[Counts.LEFT_OUT] - naive[Counts.NOT_YET]


@settings(max_examples=25)
@given(st.integers(-40, 40), st.integers(0, 30), st.booleans(), st.none() | st.integers(-40, 40))
def test_who_is_counted_late_is_late_by_a_walk_through_the_days(completed, longer, is_excepted, withdrawn):
    case = Timed(
        counted_to=DUE, due=day(longer), completed=day(completed), excepted=is_excepted,
        withdrawn=None if withdrawn is None else day(withdrawn),
    )  # fmt: skip
    walked = sum(day(n) <= case.completed for n in range(longer + 1, 41))
    late = timely_evaluation.days_late(case, TODAY)
    assert late in (0, walked)
    assert (timeliness(case, TODAY).counts is Counts.NOT_IN_TIME) == (late > 0)
