"""What one person holds today: the roles in force and the grants that follow. One query, asked once.

A grant counts only while a role in force gives it, so that access ends with its last day, whenever the
grants were last made to follow; and what shows students counts only while the confidentiality assurance is
signed (SEC-04): the grant is kept, it gives nothing until then.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from security.held_now import NO_SETTINGS, held_now
from security.models.assignment import Assignment
from security.rules import assurance
from security.rules.roles import NEEDS_NO_ASSURANCE, Permission, Role, permissions_of

if TYPE_CHECKING:
    from security.models.user import User

DISTRICT, SITE, SUPPORT = "district", "site", "support"
SIGNED, ROLLING, UNREAD, VIEW_ONLY = "signed", "rolling", "unread", "view_only"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Holdings:
    """`districts` and `sites`: the places of each permission, by id; `districts_of_sites` where those lie.

    `unsigned`: the roles in force that would show students if the assurance were signed. `unread` notices
    are counted along, for the header of every page. `of_support`: the state profiles of the districts that
    let this person in as support. `view_only`: what everybody is told while nothing can be written.
    """

    assignments: tuple[Assignment, ...]
    statewide: frozenset[str]
    districts: dict[str, frozenset[int]]
    sites: dict[str, frozenset[int]]
    districts_of_sites: dict[str, frozenset[int]]
    unsigned: tuple[Assignment, ...] = ()
    unread: int = 0
    of_support: frozenset[str] = frozenset()
    view_only: str = ""

    @property
    def anywhere(self) -> frozenset[str]:
        """Every permission held at some place."""
        return self.statewide | self.districts.keys() | self.sites.keys()

    @property
    def main(self) -> Assignment | None:
        """The first role in force: the one that the page header names."""
        return self.assignments[0] if self.assignments else None

    def reach(self, permission: str, district_id: int) -> bool:
        """At the district itself, at one of its sites, or in the whole state."""
        return (
            permission in self.statewide
            or district_id in self.districts.get(permission, ())
            or district_id in self.districts_of_sites.get(permission, ())
        )


NONE = Holdings((), frozenset(), {}, {}, {})


def holdings_of(user: "User") -> Holdings:
    """Asked once for a user object; `security.actions.assign` makes it forget when a role changes."""
    if not user.is_authenticated or not user.is_active:
        return NONE
    if not hasattr(user, "_holdings"):
        user._holdings = _ask(user)
    return user._holdings


def ask_again(user: "User", setting: Mapping[str, str]) -> None:
    """What a person holds, with settings of the transaction that the same statement makes."""
    user._holdings = _ask(user, setting) if user.is_active else NONE


def forget(user: "User") -> None:
    vars(user).pop("_holdings", None)


def _ask(user: "User", setting: Mapping[str, str] = NO_SETTINGS) -> Holdings:
    assignments, found = held_now(user.pk, setting)
    signed = _signed(found)
    now = {row: given_now(row, signed) for row in assignments}
    given, statewide = _given(now), _statewide(now)
    is_support = Permission.ASK_SUPPORT_ACCESS.value in statewide
    let_in = [row for row in found if row[0] == SUPPORT and is_support]
    rows = [row for row in found if row[0] != SUPPORT and row[3] in given.get(row[:2], ())]
    support = [(Permission.VIEW_STUDENTS.value, place) for _, place, *_ in let_in]
    return Holdings(
        assignments=assignments,
        statewide=statewide,
        districts=_by_permission(
            [*((codename, place) for kind, place, _, codename in rows if kind == DISTRICT), *support]
        ),
        sites=_by_permission((codename, place) for kind, place, _, codename in rows if kind == SITE),
        districts_of_sites=_by_permission(
            (codename, of) for kind, _, of, codename in rows if kind == SITE and of
        ),
        unsigned=tuple(row for row, given in now.items() if given_by(row) - given),
        unread=next((count for kind, count, *_ in found if kind == UNREAD), 0),
        of_support=frozenset(profile for *_, profile in let_in),
        view_only=next((sentence for kind, *_, sentence in found if kind == VIEW_ONLY), ""),
    )


def given_by(assignment: Assignment) -> frozenset[Permission]:
    """The role's permissions; writing IEPs only with IEP Forms access (SEC-15)."""
    given = permissions_of(Role(assignment.role))
    return given if assignment.iep_forms else given - {Permission.WRITE_IEP}


@dataclass(frozen=True)
class Signed:
    """`at`: for each state the instant and the zone of the last signature that counts at all.

    `rolling`: districts in which it counts for 365 days instead of the school year.
    """

    at: dict[int, tuple[datetime, ZoneInfo]]
    rolling: frozenset[int]

    def covers(self, assignment: Assignment) -> bool:
        """A statewide role is covered by the assurance of any state."""
        state, now = assignment.state_id, timezone.now()
        found = [self.at[state]] if state in self.at else [] if state else list(self.at.values())
        period = assurance.ROLLING if _district_of(assignment) in self.rolling else ""
        return any(assurance.counts(at, period, zone, now) for at, zone in found)


def _signed(rows: Iterable[tuple]) -> Signed:
    rows = list(rows)
    return Signed(
        at={
            state: (EPOCH + timedelta(microseconds=micros), ZoneInfo(zone))
            for kind, state, micros, zone in rows
            if kind == SIGNED
        },
        rolling=frozenset(district for kind, district, *_ in rows if kind == ROLLING),
    )


def _district_of(assignment: Assignment) -> int | None:
    return assignment.district_id or (assignment.site.district_id if assignment.site else None)


def given_now(assignment: Assignment, signed: Signed) -> frozenset[Permission]:
    """Without a signed assurance only what shows no student (SEC-04)."""
    given = given_by(assignment)
    return given if given <= NEEDS_NO_ASSURANCE or signed.covers(assignment) else given & NEEDS_NO_ASSURANCE


def _given(now: Mapping[Assignment, frozenset[Permission]]) -> dict[tuple[str, int], set[str]]:
    """The permissions that roles give at each place, by its kind and id."""
    places: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row, given in now.items():
        place = (DISTRICT, row.district_id) if row.district_id else (SITE, row.site_id)
        places[place] |= {permission.value for permission in given}
    return places


def _statewide(now: Mapping[Assignment, frozenset[Permission]]) -> frozenset[str]:
    statewide = [given for row, given in now.items() if row.is_statewide]
    return frozenset(permission.value for given in statewide for permission in given)


def _by_permission(pairs: Iterable[tuple[str, int]]) -> dict[str, frozenset[int]]:
    places: dict[str, set[int]] = defaultdict(set)
    for permission, place in pairs:
        places[permission].add(place)
    return {permission: frozenset(ids) for permission, ids in places.items()}
