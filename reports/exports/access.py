"""Who decides about a large export: somebody else, who may export there and sees who took what away."""

from typing import Any

from django.db.models import Q, QuerySet

from organizations.models import District, Site
from reports.models import ExportRequest
from security.models import User
from security.queries.people import people_with, state_administrators
from security.rules.roles import Permission, Role, roles_with
from security.scope import Scope

BOTH = (Permission.EXPORT, Permission.VIEW_ACCESS_RECORD)


def district_of(scope: Scope) -> District | None:
    """Whose supervisor decides; None when children of several districts leave, or no district oversees."""
    sites = Site.objects.filter(pk__in=scope.site_ids).values_list("district", flat=True)
    districts = {*scope.district_ids, *sites}
    if scope.everything or len(districts) != 1:
        return None
    return District.objects.filter(pk=next(iter(districts))).first()


def decides_for_the_state(user: Any) -> bool:
    return all(user.holds_statewide(permission) for permission in BOTH)


def decides_in(user: Any) -> frozenset[int]:
    """The districts of whose exports this person may be the second; a role at a school is not enough."""
    export, view = (user.districts_with(permission) for permission in BOTH)
    return export & view


def why_not_decide(user: Any, request: ExportRequest) -> str | None:
    if request.asked_by_id == user.pk:
        return "Somebody else has to decide this: nobody approves their own export."
    if decides_for_the_state(user) or request.district_id in decides_in(user):
        return None
    where = f" of {request.district}" if request.district else ""
    return f"Only {who_decide(request.district)}{where} can decide about this export."


def who_decide(district: District | None) -> str:
    names = [row.short.lower() for row in _roles() if district or row.role == Role.SEA_ADMINISTRATOR]
    return " or ".join(f"a {name}" for name in names)


def _roles() -> list:
    export, view = (roles_with(permission) for permission in BOTH)
    return [row for row in export if row in view]


def deciders(request: ExportRequest) -> QuerySet[User]:
    """The people to tell; never who asked."""
    people = state_administrators()
    if request.district:
        people = people_with(Permission.VIEW_ACCESS_RECORD, request.district)
        people = people.filter(pk__in=people_with(Permission.EXPORT, request.district).values("pk"))
    return people.exclude(pk=request.asked_by_id)


def seen_by(user: Any) -> QuerySet[ExportRequest]:
    """The own ones, and those that this person may decide about."""
    rows = ExportRequest.objects.select_related("asked_by", "decided_by", "district")
    if decides_for_the_state(user):
        return rows
    return rows.filter(Q(asked_by=user) | Q(district__in=decides_in(user)))
