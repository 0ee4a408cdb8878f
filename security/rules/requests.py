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
    Role.SUPPORT: "Support staff are named by the state; a district lets them in for some hours.",
}


class Reach(StrEnum):
    """Where a role that the state names is held."""

    STATE = "the whole state"
    DISTRICT = "one district"


# Roles that the state names by itself, and where.
NAMED_BY_THE_STATE = {
    Role.SEA_ADMINISTRATOR: (Reach.STATE,),
    Role.SUPERINTENDENT: (Reach.DISTRICT,),
    Role.AUDITOR: (Reach.STATE, Reach.DISTRICT),
    Role.SUPPORT: (Reach.STATE,),
}
FOR_A_TIME = frozenset({Role.AUDITOR})


def why_not_named(role: Role, has_district: bool, has_last_day: bool) -> tuple[str, str] | None:
    """The field and what is wrong with it: a role that the state does not name, at the wrong place, or
    without the end that it must have (roles.csv: an auditor "for a stated time").
    """
    if role not in NAMED_BY_THE_STATE:
        return (
            "role",
            "The state does not name this role: it is asked for, or designated by a superintendent.",
        )
    reach = Reach.DISTRICT if has_district else Reach.STATE
    if reach not in NAMED_BY_THE_STATE[role]:
        return "district", f"This role is held for {NAMED_BY_THE_STATE[role][0]}."
    if role in FOR_A_TIME and not has_last_day:
        return "last_day", "An auditor has access for a stated time. Enter its last day."
    return None


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
