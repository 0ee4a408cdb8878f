"""The special education roster (SEDS): a life cycle that is a table of moves.

Authority: OSSE 2016, slides 27-29.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from enrollment.rules.codes import (
    EnrollmentRoster,
    Evidence,
    ExitCode,
    SpecialEducationRoster,
)
from enrollment.rules.documentation import becomes_default
from enrollment.rules.facts import DocumentationState, ExitFacts, PartC
from rulebook.tables import read_table

SEDS_MOVES_CSV = Path(__file__).parent / "seds_moves.csv"


class SedsState(StrEnum):
    ACTIVE = "active"
    EXIT_CODED = "exit_coded"
    AUTO_EXITED = "auto_exited"
    PENDING_PWN = "pending_pwn"
    PWN_ISSUED = "pwn_issued"
    ADMIN_EXIT_REQUESTED = "admin_exit_requested"
    ADMIN_EXITED = "admin_exited"


class SedsEvent(StrEnum):
    EXIT_CODED = "exit_coded"
    EVIDENCE_ACCEPTED = "evidence_accepted"
    EVIDENCE_REFUSED = "evidence_refused"
    NOTICE_NEEDED = "notice_needed"
    NOTICE_ISSUED = "notice_issued"
    EXIT_REQUESTED = "exit_requested"
    REQUEST_GRANTED = "request_granted"
    REQUEST_REFUSED = "request_refused"
    REQUEST_WITHDRAWN = "request_withdrawn"
    DEFAULT_LIFTED = "default_lifted"
    RE_ENTERED = "re_entered"


@dataclass(frozen=True)
class SedsMove:
    KEY: ClassVar = ("from_state", "event")

    from_state: SedsState
    event: SedsEvent
    to_state: SedsState
    in_words: str
    rule: str
    authority: str


@cache
def seds_moves() -> tuple[SedsMove, ...]:
    return read_table(SEDS_MOVES_CSV, SedsMove)


def next_state(state: SedsState, event: SedsEvent) -> SedsState | None:
    """Where an event leads; None when it cannot happen in this state."""
    return next(
        (move.to_state for move in seds_moves() if (move.from_state, move.event) == (state, event)), None
    )


def on_roster(state: SedsState) -> bool:
    """A pending exit is not an exit (R5.11)."""
    return state not in (SedsState.AUTO_EXITED, SedsState.ADMIN_EXITED)


def seds_after_exit(code: ExitCode, facts: ExitFacts) -> SedsState | None:
    """Where the exit leaves the student; None for a student who is not on this roster.

    What the state does not say keeps the child on the roster.
    """
    if not facts.has_special_education:
        return None
    if code.leaves_enrollment_roster in (EnrollmentRoster.RE_ENTERED, EnrollmentRoster.NOT_STATED):
        return SedsState.ACTIVE
    state = SedsState.ACTIVE
    for event in _events_of(code, facts):
        state = next_state(state, event) or state
    return state


def why_not_request_exit(facts: ExitFacts) -> str | None:
    """R5.09: an administrative exit needs both the recorded efforts and the notice."""
    if not facts.contact_efforts_recorded:
        return "Record the efforts to reach the parent first."
    if not facts.notice_issued:
        return "Prior written notice has not been issued yet."
    return None


def _events_of(code: ExitCode, facts: ExitFacts) -> tuple[SedsEvent, ...]:
    if leaves_by_evidence(code, facts):
        shown = SedsEvent.EVIDENCE_ACCEPTED if evidence_is_there(code, facts) else None
        refused = SedsEvent.EVIDENCE_REFUSED if becomes_default(code, facts) else None
        return tuple(event for event in (SedsEvent.EXIT_CODED, shown, refused) if event)
    issued = (SedsEvent.NOTICE_ISSUED,) if facts.notice_issued else ()
    return (SedsEvent.EXIT_CODED, SedsEvent.NOTICE_NEEDED, *issued)


def leaves_by_evidence(code: ExitCode, facts: ExitFacts) -> bool:
    """R5.01-R5.05: the codes of slide 28; 1960 only when there was no Part C history."""
    if code.evidence == Evidence.PART_C_HISTORY:
        return facts.part_c_history == PartC.NO
    return code.leaves_special_education_roster == SpecialEducationRoster.LEAVES


def evidence_is_there(code: ExitCode, facts: ExitFacts) -> bool:
    """A21: documentation for most; for 1968 the birth date, for 1960 the Part C history."""
    return {
        Evidence.DOCUMENTATION: facts.documentation == DocumentationState.ACCEPTED,
        Evidence.BIRTH_DATE: facts.birth_date is not None,
        Evidence.PART_C_HISTORY: facts.part_c_history == PartC.NO,
    }.get(code.evidence, False)
