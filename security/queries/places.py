"""The districts whose access somebody looks after, and the people in their care."""

from django.db.models import Q, QuerySet

from organizations.models import District
from security.holdings import holdings_of
from security.models import Assignment, User
from security.rules.roles import LOOKS_AFTER, Permission


def districts_of(user: User) -> QuerySet[District]:
    """As coordinator or supervisor; every district for the state."""
    held, rows = holdings_of(user), District.objects.select_related("state")
    if Permission.GRANT_ACCESS.value in held.statewide:
        return rows
    ids = {pk for permission in LOOKS_AFTER for pk in held.districts.get(permission.value, ())}
    return rows.filter(pk__in=ids)


def people_of(user: User) -> QuerySet[User]:
    """Whoever has or had a role at one of these districts or their sites, or works there."""
    mine = districts_of(user).values("pk")
    rows = Assignment.objects.filter(
        Q(district__in=mine) | Q(site__district__in=mine) | Q(site__affiliations__district__in=mine)
    )
    return User.objects.filter(Q(pk__in=rows.values("user_id")) | Q(district__in=mine))
