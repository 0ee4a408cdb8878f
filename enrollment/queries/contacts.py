"""Whom to ask at a district about an enrollment."""

from collections import defaultdict
from collections.abc import Collection

from security.models import Assignment, User
from security.rules.roles import Role

ANSWERS_FOR_ENROLLMENT = (Role.DATA_MANAGER, Role.REGISTRAR, Role.SECURITY_COORDINATOR)
MOST = 2


def contacts_of(district_ids: Collection[int]) -> dict[int, list[User]]:
    """Of each district its data manager, else its registrar, else its coordinator; two people at the most."""
    found: dict[int, list[User]] = defaultdict(list)
    if not district_ids:
        return found
    rows = Assignment.objects.in_force().filter(
        district_id__in=district_ids, site=None, role__in=ANSWERS_FOR_ENROLLMENT
    )
    order = {role.value: place for place, role in enumerate(ANSWERS_FOR_ENROLLMENT)}
    for row in sorted(rows.select_related("user"), key=lambda row: (order[row.role], row.user_id)):
        if row.user not in found[row.district_id] and len(found[row.district_id]) < MOST:
            found[row.district_id].append(row.user)
    return found
