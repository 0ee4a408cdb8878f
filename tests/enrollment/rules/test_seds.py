"""The special education roster moves only as the table says, and keeps the child when in doubt."""

from dataclasses import replace
from datetime import date

import pytest

from enrollment.rules.codes import exit_code
from enrollment.rules.facts import DocumentationState, ExitFacts, PartC
from enrollment.rules.seds import (
    SedsEvent,
    SedsState,
    next_state,
    on_roster,
    seds_after_exit,
    seds_moves,
    why_not_request_exit,
)
from organizations.rules.profiles import Profile

ON_ROSTER = ExitFacts(first_day=date(2026, 8, 10), has_special_education=True)


@pytest.mark.parametrize(
    ("code", "facts", "state"),
    [
        pytest.param("1941", {}, SedsState.EXIT_CODED, marks=pytest.mark.rule("OSSE-R5.02")),
        pytest.param(
            "1941",
            {"documentation": DocumentationState.ACCEPTED},
            SedsState.AUTO_EXITED,
            marks=pytest.mark.rule("OSSE-R5.01"),
        ),
        pytest.param(
            "1941",
            {"documentation": DocumentationState.REFUSED},
            SedsState.PENDING_PWN,
            marks=pytest.mark.rule("OSSE-R9.06"),
        ),
        pytest.param(
            "1960", {"part_c_history": PartC.NO}, SedsState.AUTO_EXITED, marks=pytest.mark.rule("OSSE-R5.03")
        ),
        pytest.param(
            "1960", {"part_c_history": PartC.YES}, SedsState.PENDING_PWN, marks=pytest.mark.rule("OSSE-R5.04")
        ),
        pytest.param("1960", {}, SedsState.PENDING_PWN, marks=pytest.mark.rule("OSSE-R5.05")),
        pytest.param("1942", {}, SedsState.PENDING_PWN, marks=pytest.mark.rule("OSSE-R5.07")),
        pytest.param(
            "1942",
            {"documentation": DocumentationState.ACCEPTED},
            SedsState.PENDING_PWN,
            marks=pytest.mark.rule("OSSE-R5.07"),
        ),
        pytest.param("1234", {}, SedsState.PENDING_PWN, marks=pytest.mark.rule("OSSE-R3.07")),
        pytest.param(
            "1966", {"notice_issued": True}, SedsState.PWN_ISSUED, marks=pytest.mark.rule("OSSE-R5.08")
        ),
        pytest.param("2040", {}, SedsState.ACTIVE, marks=pytest.mark.rule("OSSE-R6.07")),
        pytest.param("1941", {"has_special_education": False}, None, id="not on the roster"),
    ],
)
def test_where_an_exit_leaves_the_student(code, facts, state):
    assert seds_after_exit(exit_code(Profile.DC, code), replace(ON_ROSTER, **facts)) == state


def test_a_louisiana_exit_keeps_the_child_on_the_roster():
    assert seds_after_exit(exit_code(Profile.LA, "04"), ON_ROSTER) == SedsState.ACTIVE


@pytest.mark.parametrize(
    ("efforts", "notice", "reason"),
    [
        (True, True, None),
        (True, False, "Prior written notice has not been issued yet."),
        (False, True, "Record the efforts to reach the parent first."),
        (False, False, "Record the efforts to reach the parent first."),
    ],
)
@pytest.mark.rule("OSSE-R5.09")
def test_an_administrative_exit_needs_efforts_and_notice(efforts, notice, reason):
    facts = replace(ON_ROSTER, contact_efforts_recorded=efforts, notice_issued=notice)
    assert why_not_request_exit(facts) == reason


@pytest.mark.rule("OSSE-R5.11")
def test_a_pending_exit_is_not_an_exit():
    assert {state for state in SedsState if not on_roster(state)} == {
        SedsState.AUTO_EXITED,
        SedsState.ADMIN_EXITED,
    }


@pytest.mark.rule("OSSE-R5.10")
def test_the_long_way_out():
    state = SedsState.ACTIVE
    for event in ("exit_coded", "notice_needed", "notice_issued", "exit_requested", "request_granted"):
        state = next_state(state, SedsEvent(event))
    assert state == SedsState.ADMIN_EXITED


@pytest.mark.parametrize(
    ("state", "event"),
    [("active", "request_granted"), ("pending_pwn", "exit_requested"), ("admin_exited", "exit_requested")],
)
def test_no_step_is_skipped(state, event):
    assert next_state(SedsState(state), SedsEvent(event)) is None


def test_every_state_can_be_reached_and_left():
    moves = seds_moves()
    assert {move.to_state for move in moves} == {move.from_state for move in moves} == set(SedsState)
    assert {move.event for move in moves} == set(SedsEvent)
