"""What this user may do here."""

from datetime import date
from typing import Any

from django.utils import timezone

from organizations.models import District
from security.models import DistrictGrant, SiteGrant
from security.refusals import NotAllowed
from security.rules.roles import Permission, roles_with
from security.scope import statewide_permissions


def holds(user: Any, permission: Permission, place: District | None, *, on: date | None = None) -> bool:
    """Does this user hold the permission at the district, at one of its sites, or in the whole state?"""
    if not user.is_authenticated or not user.is_active:
        return False
    if permission in statewide_permissions(user, on or timezone.localdate()):
        return True
    if place is None:
        return False
    granted = {"user": user, "permission__codename": permission.value}
    return (
        DistrictGrant.objects.filter(**granted, content_object=place).exists()
        or SiteGrant.objects.filter(**granted, content_object__district=place).exists()
    )


def holds_anywhere(user: Any, permission: Permission) -> bool:
    """For navigation and for pages that are not about one place."""
    return permission in permissions_anywhere(user)


def permissions_anywhere(user: Any) -> frozenset[str]:
    """Every permission this user holds at some place; asked once per request."""
    if not hasattr(user, "_permissions_anywhere"):
        granted = {"user": user}
        codenames = set(
            DistrictGrant.objects.filter(**granted).values_list("permission__codename", flat=True)
        )
        codenames |= set(SiteGrant.objects.filter(**granted).values_list("permission__codename", flat=True))
        codenames |= {p.value for p in statewide_permissions(user, timezone.localdate())}
        user._permissions_anywhere = frozenset(codenames)
    return user._permissions_anywhere


def who_can(permission: Permission) -> str:
    """The roles that a refusal names: "a special education supervisor or an evaluation coordinator"."""
    names = [_with_article(row.short) for row in roles_with(permission)]
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def why_not(user: Any, permission: Permission, place: District | None, deed: str) -> str | None:
    """A sentence when the user may not do this here, None when they may."""
    if holds(user, permission, place):
        return None
    where = f" of {place}" if place else ""
    return f"Only {who_can(permission)}{where} can {deed}."


def check(user: Any, permission: Permission, place: District | None, deed: str) -> None:
    if sentence := why_not(user, permission, place, deed):
        raise NotAllowed(sentence)


def _with_article(name: str) -> str:
    article = "an" if name[0] in "AEIOU" else "a"
    return f"{article} {name[0].lower()}{name[1:]}"
