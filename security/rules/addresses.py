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

    `own`: at that district. `affiliated`: the same, and the child is at a nonpublic site. `former`: at the
    district that answered earlier. `other`: at another district. `state`: the state's administrator.
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
    say what somebody with every role gets there, so that no single role can get more. At home, `without` is
    what a role gets that lacks the permission and holds one of `sees` (empty: sees students); `blind` what
    all other roles get.
    """

    KEY: ClassVar = ("address", "method")

    address: str
    method: str
    needs: tuple[Permission, ...]
    sees: tuple[Permission, ...]
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

    def at_home(self, role: Role) -> Outcome:
        """What somebody with this one role at the district gets here."""
        given = permissions_of(role)
        if not self.needs or given.intersection(self.needs):
            return self.own
        return self.without if given.intersection(self.sees or {Permission.VIEW_STUDENTS}) else self.blind


@cache
def addresses() -> tuple[AddressRow, ...]:
    return read_table(ADDRESSES_CSV, AddressRow)
