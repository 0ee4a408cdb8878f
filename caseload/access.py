"""Who may change the calendar of a district: who keeps its students' records for the whole district."""

from organizations.models import District
from security.access import only_they_can
from security.models import User
from security.refusals import NotAllowed
from security.rules.roles import Permission
from security.scope import Scope, scope_of

KEEPS = Permission.EDIT_STUDENTS


def districts_kept(user: User) -> Scope:
    return scope_of(user, KEEPS)


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
