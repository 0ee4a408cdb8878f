"""What this user may do here."""

from typing import Any

from django.utils import timezone

from organizations.models import District
from security.holdings import holdings_of
from security.models import Assignment
from security.queries.reach import overseer
from security.refusals import NotAllowed
from security.rules.roles import GOVERNS_ACCESS, LOOKS_AFTER, Permission, roles_with
from security.rules.roles import Scope as RoleScope


def holds(user: Any, permission: Permission, place: District | None) -> bool:
    """Does this user hold the permission at the district, at one of its sites, or in the whole state?

    What governs access (who asks, who has it) is held for the district itself, never through one site.
    """
    held = holdings_of(user)
    if place is None or permission.value in held.statewide:
        return permission.value in held.statewide
    if permission in GOVERNS_ACCESS:
        return place.pk in held.districts.get(permission.value, ())
    return held.reach(permission.value, place.pk)


def holds_anywhere(user: Any, permission: Permission) -> bool:
    """For navigation and for pages that are not about one place."""
    return permission.value in holdings_of(user).anywhere


def permissions_anywhere(user: Any) -> frozenset[str]:
    """Every permission this user holds at some place."""
    return holdings_of(user).anywhere


def who_can(permission: Permission, everywhere: bool = False) -> str:
    """The roles that a refusal names: "a special education supervisor or an evaluation coordinator".

    `everywhere`: only those for the whole state, where there are any.
    """
    rows = roles_with(permission)
    statewide = [row for row in rows if row.scope == RoleScope.STATE] if everywhere else []
    names = [_with_article(row.short) for row in statewide or rows]
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def why_not(user: Any, permission: Permission, place: District | None, deed: str) -> str | None:
    """A sentence when the user may not do this here, None when they may."""
    return None if holds(user, permission, place) else only_they_can(permission, place, deed)


def only_they_can(permission: Permission, place: District | None, deed: str) -> str:
    """The sentence that says who can: the same wherever it is asked."""
    where = f" of {place}" if place else ""
    return f"Only {who_can(permission, everywhere=place is None)}{where} can {deed}."


def check(user: Any, permission: Permission, place: District | None, deed: str) -> None:
    if sentence := why_not(user, permission, place, deed):
        raise NotAllowed(sentence)


def check_looks_after(by: Any, district: District) -> None:
    """Coordinators and supervisors of the district, and the state, see who has access there."""
    if not any(holds(by, permission, district) for permission in LOOKS_AFTER):
        raise NotAllowed(f"Only {who_look_after()} of {district} can see who has access.")


def who_look_after() -> str:
    return " or ".join(who_can(permission) for permission in LOOKS_AFTER)


def why_not_keep_account(by: Any, user: Any) -> str | None:
    """May they end this person's sessions, and see them? Never their own (security.views.account)."""
    if by.pk == user.pk:
        return "Another coordinator has to do this for you: nobody does it for the own account."
    deed = f"do this for the account of {user}"
    places = places_of(user)
    if not places or None in places:
        return why_not(by, Permission.GRANT_ACCESS, None, deed)
    if any(holds(by, Permission.GRANT_ACCESS, place) for place in places):
        return None
    return why_not(by, Permission.GRANT_ACCESS, places[0], deed)


def why_not_let_in_anew(by: Any, user: Any) -> str | None:
    """May they give this person a new password, or reset the second factor?

    Whoever does could sign in as the person, so they look after every place that the account opens.
    """
    if sentence := why_not_keep_account(by, user):
        return sentence
    others = [place for place in places_of(user) if not holds(by, Permission.GRANT_ACCESS, place)]
    if others:
        return f"{user} also works for {others[0]}, so only a state administrator can do this."
    return None


def places_of(user: Any) -> tuple[District | None, ...]:
    """The districts that a person belongs to: the own one, and those of the roles that have not ended, also
    of a closed account, of who is suspended, and those still to begin: the account opens them some day.

    None stands for a statewide role, or a site that no district oversees: the state keeps such an account.
    """
    roles = Assignment.objects.unended(timezone.now()).filter(user=user)
    return tuple(dict.fromkeys([
        *([user.district] if user.district else []),
        *(row.district or (row.site and overseer(row.site, timezone.localdate()))
          for row in roles.select_related("district", "site__district").order_by("first_day", "pk")),
    ]))  # fmt: skip


def check_may_ask_for_support(by: Any) -> None:
    if not holds_anywhere(by, Permission.ASK_SUPPORT_ACCESS):
        raise NotAllowed(f"Only {who_can(Permission.ASK_SUPPORT_ACCESS)} can ask for support access.")


def why_not_approve_support(by: Any, grant: Any) -> str | None:
    """The district itself decides: a statewide role is not enough, and nobody decides on their own."""
    if by.pk == grant.user_id:
        return "Somebody else has to decide this: nobody approves their own access."
    if grant.district_id in holdings_of(by).districts.get(Permission.GRANT_ACCESS.value, ()):
        return None
    return f"Only a security coordinator of {grant.district} can let support in there."


def _with_article(name: str) -> str:
    article = "an" if name[0] in "AEIOU" else "a"
    return f"{article} {name[0].lower()}{name[1:]}"
