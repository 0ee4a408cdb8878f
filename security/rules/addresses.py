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
    """How a person's role stands to the child that an address is about."""

    OWN = "own"
    SITE = "site"
    AFFILIATED = "affiliated"
    FORMER = "former"
    OTHER = "other"
    NO_GRANT = "no_grant"
    EXPIRED = "expired"
    UNSIGNED = "unsigned"
    STATE = "state"


class Outcome(StrEnum):
    """`opens`: a page about no child. `shows`: the child. `hides`: opens, and says nothing of the child."""

    OPENS = "opens"
    SHOWS = "shows"
    HIDES = "hides"
    REFUSED = "refused"
    NOT_THERE = "not there"
    SIGN_FIRST = "sign first"


@dataclass(frozen=True)
class AddressRow:
    """One address. `needs`: any one of the permissions; none: everybody who has signed in.

    The columns named after a relation say what a role with the permission gets; `without` what a role gets
    that sees students but lacks the permission; `blind` what a role gets that sees no students. The method is
    GET, or POST where an address only writes.
    """

    KEY: ClassVar = ("address", "method")

    address: str
    method: str
    page: str
    needs: tuple[Permission, ...]
    own: Outcome
    site: Outcome
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
        """What somebody with this role gets here."""
        at_home = relation in (Relation.OWN, Relation.SITE, Relation.AFFILIATED, Relation.STATE)
        given = permissions_of(role)
        if at_home and Permission.VIEW_STUDENTS not in given:
            return self.blind
        if at_home and self.needs and not given.intersection(self.needs):
            return self.without
        return getattr(self, relation.value)


@cache
def addresses() -> tuple[AddressRow, ...]:
    return read_table(ADDRESSES_CSV, AddressRow)
