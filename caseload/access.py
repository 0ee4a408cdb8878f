"""Who may change the calendar of a district: who keeps its students' records for the whole district."""

from django.db.models import QuerySet

from organizations.models import Calendar, District
from security.access import only_they_can
from security.models import User
from security.refusals import NotAllowed
from security.rules.roles import Permission
from security.scope import Scope, scope_of

KEEPS = Permission.EDIT_STUDENTS


def districts_kept(user: User) -> Scope:
    return scope_of(user, KEEPS)


def districts_of(user: User) -> QuerySet[District]:
    kept = districts_kept(user)
    rows = District.objects.order_by("name")
    return rows if kept.everything else rows.filter(pk__in=kept.district_ids)


def calendars_kept(user: User) -> QuerySet[Calendar]:
    rows = Calendar.objects.filter(district__in=districts_of(user), site=None)
    return rows.select_related("district", "school_year")


def why_not_change(user: User, district: District) -> str | None:
    kept = districts_kept(user)
    if kept.everything or district.pk in kept.district_ids:
        return None
    return only_they_can(KEEPS, district, "change its calendar")


def check_may_change(user: User, district: District) -> None:
    if sentence := why_not_change(user, district):
        raise NotAllowed(sentence)


def check_keeps_calendars(user: User) -> None:
    """For the list, which is about no one district."""
    kept = districts_kept(user)
    if not (kept.everything or kept.district_ids):
        raise NotAllowed(only_they_can(KEEPS, None, "keep the calendar of a whole district"))
