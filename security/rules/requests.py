"""The life of an access request: `request_moves.csv`, and which roles are asked for at all."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table
from security.rules.roles import Permission, Role

REQUEST_MOVES_CSV = Path(__file__).parent / "request_moves.csv"
PATIENCE = 10  # business days until the other approver is told (SEC-17)

# What no request gives, and how it is come by.
NOT_ASKED_FOR = {
    Role.SEA_ADMINISTRATOR: "State administrators are named by the state.",
    Role.SUPERINTENDENT: "The state records who the superintendent is.",
    Role.SECURITY_COORDINATOR: "The superintendent designates the security coordinator.",
    Role.AUDITOR: "The state gives an auditor access for a stated time.",
}


class RequestState(StrEnum):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    GRANTED = "granted"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    APPROVE = "approve"
    GRANT = "grant"
    DENY = "deny"
    WITHDRAW = "withdraw"


OPEN = (RequestState.SUBMITTED, RequestState.APPROVED)


@dataclass(frozen=True)
class MoveRow:
    """`who`: the permission at the district that the move takes; empty for the requester alone."""

    KEY: ClassVar = ("move", "state")

    move: Move
    state: RequestState
    to: RequestState
    needs_reason: bool
    authority: str
    who: Permission | None = None


@cache
def moves() -> tuple[MoveRow, ...]:
    return read_table(REQUEST_MOVES_CSV, MoveRow)


def move_from(state: RequestState, move: Move) -> MoveRow | None:
    """The row of the move in this state; None where the request cannot go that way."""
    return next((row for row in moves() if (row.state, row.move) == (state, move)), None)


def roles_to_ask_for() -> tuple[Role, ...]:
    return tuple(role for role in Role if role not in NOT_ASKED_FOR)


def is_overdue(business_days: int) -> bool:
    """Open for more than 10 business days (SEC-17)."""
    return business_days > PATIENCE
