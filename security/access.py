"""What this user may do here."""

from typing import Any

from organizations.models import District
from security.holdings import holdings_of
from security.refusals import NotAllowed
from security.rules.roles import Permission, roles_with


def holds(user: Any, permission: Permission, place: District | None) -> bool:
    """Does this user hold the permission at the district, at one of its sites, or in the whole state?"""
    held = holdings_of(user)
    if place is None:
        return permission.value in held.statewide
    return held.reach(permission.value, place.pk)


def holds_anywhere(user: Any, permission: Permission) -> bool:
    """For navigation and for pages that are not about one place."""
    return permission.value in holdings_of(user).anywhere


def permissions_anywhere(user: Any) -> frozenset[str]:
    """Every permission this user holds at some place."""
    return holdings_of(user).anywhere


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
