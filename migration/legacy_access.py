"""Who had access to the legacy system, and what the same person has here: a list to decide by (RLO-20).

Nothing in the program makes a role from it: each person asks anew, and a coordinator decides.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from migration.models import LegacyUser
from organizations.models import District, Site
from security.access import holds, who_look_after
from security.holdings import holdings_of
from security.models import Assignment
from security.refusals import NotAllowed
from security.rules.roles import LOOKS_AFTER, Permission, Role, row_of


def legacy_users_of(user: Any) -> QuerySet[LegacyUser]:
    """Of the whole state for its administrator, else of the districts whose access this person looks after.

    Raises NotAllowed.
    """
    if holds(user, Permission.RUN_ROLLOVER, None):
        return LegacyUser.objects.select_related("district")
    held = holdings_of(user).districts
    districts = {place for permission in LOOKS_AFTER for place in held.get(permission.value, ())}
    if not districts:
        raise NotAllowed(f"Only {who_look_after()} can see who had access to the legacy system.")
    return LegacyUser.objects.filter(district__in=districts).select_related("district")


def districts_in(people: QuerySet[LegacyUser]) -> QuerySet[District]:
    return District.objects.filter(pk__in=people.order_by().values("district")).order_by("name")


def roles_here(people: Iterable[LegacyUser]) -> dict[str, list[str]]:
    """The roles in force of the account with the same staff ID, by staff ID."""
    wanted = {row.staff_id for row in people if row.staff_id and not row.unlinked}
    rows = Assignment.objects.in_force().filter(user__staff_id__in=wanted).select_related("user")
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[str(row.user.staff_id)].append(row_of(Role(row.role)).short)
    return found


def sites_of(people: Iterable[LegacyUser]) -> dict[str, str]:
    """What the schools of these accounts are called, by their codes in the legacy system."""
    codes, states = {row.site_code for row in people}, {row.of_state_id for row in people}
    found = Site.objects.filter(state__in=states, code__in=codes)
    return {site.code: f"{site.name}, {site.code}" for site in found}


def desk_panel(user: Any, district: District) -> dict[str, object] | None:
    """For the desk of a coordinator; None where nobody had access."""
    number = LegacyUser.objects.filter(district=district).count()
    return {"number": number, "district": district} if number else None
