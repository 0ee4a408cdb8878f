"""The districts whose access somebody looks after, and the people in their care."""

from django.db.models import F, Q, QuerySet

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
    """Whoever has or had a role at one of these districts or their sites, or works there; at a site that
    they oversaw, in the time in which they did."""
    mine = districts_of(user).values("pk")
    still = Q(site__affiliations__last_day=None) | Q(site__affiliations__last_day__gte=F("first_day"))
    begun = Q(last_day=None) | Q(site__affiliations__first_day__lte=F("last_day"))
    before = Q(ended_at=None) | Q(site__affiliations__first_day__lte=F("ended_at__date"))
    overseen = Q(site__affiliations__district__in=mine) & still & begun & before
    rows = Assignment.objects.filter(Q(district__in=mine) | Q(site__district__in=mine) | overseen)
    return User.objects.filter(Q(pk__in=rows.values("user_id")) | Q(district__in=mine))
