"""What every address answers to whom: `addresses.csv`, read by the rule book and proven by the tests."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table
from security.rules.roles import Permission, Role, permissions_of

ADDRESSES_CSV = Path(__file__).parent / "addresses.csv"


class Relation(StrEnum):
    """How a person stands to the district that answers for the child or the row of an address.

    `own`: a role at that district. `affiliated`: the same, and the child is at a nonpublic site. `former`: a
    role at the district that answered earlier. `other`: every role, at another district. `state`: the state's
    administrator.
    """

    OWN = "own"
    AFFILIATED = "affiliated"
    FORMER = "former"
    OTHER = "other"
    NO_GRANT = "no_grant"
    EXPIRED = "expired"
    UNSIGNED = "unsigned"
    STATE = "state"


class Outcome(StrEnum):
    """`opens` says nothing of the child; `shows` does. `led away`: to another page that puts it in order."""

    OPENS = "opens"
    SHOWS = "shows"
    LED_AWAY = "led away"
    REFUSED = "refused"
    NOT_THERE = "not there"


@dataclass(frozen=True)
class AddressRow:
    """One address, read (GET) or written to (POST).

    `needs`: any one of the permissions; none: everybody who has signed in. The columns named after a relation
    say what somebody with the permission gets; `without` what a role gets that sees students and lacks the
    permission; `blind` what a role gets that sees no students.
    """

    KEY: ClassVar = ("address", "method")

    address: str
    method: str
    needs: tuple[Permission, ...]
    own: Outcome
    affiliated: Outcome
    former: Outcome
    other: Outcome
    no_grant: Outcome
    expired: Outcome
    unsigned: Outcome
    state: Outcome
    without: Outcome
    blind: Outcome
    authority: str

    def answers(self, role: Role, relation: Relation) -> Outcome:
        """What somebody with this one role gets here."""
        given = permissions_of(role)
        if not self.needs or given.intersection(self.needs):
            return Outcome(getattr(self, relation.value))
        return self.without if Permission.VIEW_STUDENTS in given else self.blind


@cache
def addresses() -> tuple[AddressRow, ...]:
    return read_table(ADDRESSES_CSV, AddressRow)
