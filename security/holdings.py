"""What one person holds today: the roles in force and the grants that follow. Two queries, asked once.

A grant counts only while a role in force gives it, so that access ends with its last day, whenever the
grants were last made to follow.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from security.models.assignment import Assignment
from security.rules.roles import Permission, Role, permissions_of

if TYPE_CHECKING:
    from security.models.user import User

DISTRICT, SITE, SUPPORT = "district", "site", "support"
# Asked by every request: written out, it costs a tenth of what the same query costs to build.
GRANTS = """
    SELECT 'district', g.content_object_id, g.content_object_id, p.codename
    FROM security_districtgrant g JOIN auth_permission p ON p.id = g.permission_id
    WHERE g.user_id = %(user)s
    UNION ALL
    SELECT 'site', g.content_object_id, s.district_id, p.codename
    FROM security_sitegrant g JOIN auth_permission p ON p.id = g.permission_id
    JOIN organizations_site s ON s.id = g.content_object_id
    WHERE g.user_id = %(user)s
    UNION ALL
    SELECT 'support', g.district_id, g.district_id, 'view_students'
    FROM security_supportgrant g
    WHERE g.user_id = %(user)s AND g.ended_at IS NULL AND g.ends_at > statement_timestamp()
"""


@dataclass(frozen=True)
class Holdings:
    """`districts` and `sites`: the places of each permission, by id; `districts_of_sites` where those lie."""

    assignments: tuple[Assignment, ...]
    statewide: frozenset[str]
    districts: dict[str, frozenset[int]]
    sites: dict[str, frozenset[int]]
    districts_of_sites: dict[str, frozenset[int]]

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


def holdings_of(user: "User", on: date | None = None) -> Holdings:
    """Asked once for a user object; `security.actions.assign` makes it forget when a role changes."""
    if not user.is_authenticated or not user.is_active:
        return NONE
    if not hasattr(user, "_holdings"):
        user._holdings = _ask(user, on or timezone.localdate())
    return user._holdings


def forget(user: "User") -> None:
    vars(user).pop("_holdings", None)


def _ask(user: "User", on: date) -> Holdings:
    in_force = Assignment.objects.on(on).filter(user=user).select_related("district", "site__district")
    assignments = tuple(in_force.order_by("first_day", "pk"))
    given, statewide = _given(assignments), _statewide(assignments)
    is_support = Permission.ASK_SUPPORT_ACCESS.value in statewide
    rows = [
        row for row in _grants(user)
        if (is_support if row[0] == SUPPORT else row[3] in given.get(row[:2], ()))
    ]  # fmt: skip
    return Holdings(
        assignments=assignments,
        statewide=statewide,
        districts=_by_permission((codename, place) for kind, place, _, codename in rows if kind != SITE),
        sites=_by_permission((codename, place) for kind, place, _, codename in rows if kind == SITE),
        districts_of_sites=_by_permission(
            (codename, of) for kind, _, of, codename in rows if kind == SITE and of
        ),
    )


def given_by(assignment: Assignment) -> frozenset[Permission]:
    """The role's permissions; writing IEPs only with IEP Forms access (SEC-15)."""
    given = permissions_of(Role(assignment.role))
    return given if assignment.iep_forms else given - {Permission.WRITE_IEP}


def _given(assignments: Iterable[Assignment]) -> dict[tuple[str, int], set[str]]:
    """The permissions that roles give at each place, by its kind and id."""
    given: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in assignments:
        place = (DISTRICT, row.district_id) if row.district_id else (SITE, row.site_id)
        given[place] |= {permission.value for permission in given_by(row)}
    return given


def _grants(user: "User") -> list[tuple[str, int, int | None, str]]:
    """(kind of place, its id, its district's id, permission) of every grant."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS, {"user": user.pk})
        return cursor.fetchall()


def _statewide(assignments: Iterable[Assignment]) -> frozenset[str]:
    roles = [Role(row.role) for row in assignments if row.is_statewide]
    return frozenset(permission.value for role in roles for permission in permissions_of(role))


def _by_permission(pairs: Iterable[tuple[str, int]]) -> dict[str, frozenset[int]]:
    places: dict[str, set[int]] = defaultdict(set)
    for permission, place in pairs:
        places[permission].add(place)
    return {permission: frozenset(ids) for permission, ids in places.items()}
