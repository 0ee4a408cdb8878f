"""Who may set up a connection, work on a record of the desk, and take its lines away."""

from collections.abc import Iterable

from django.db.models import QuerySet

from edfi.models import Connection, Trouble
from organizations.models import District
from security.access import check, holds_anywhere, who_can, why_not
from security.models import User
from security.queries.people import people_with
from security.refusals import NotAllowed
from security.rules.roles import Permission
from security.scope import scope_of
from students.access import why_not_for

DEED = "set up a connection to the state's Ed-Fi API"


def why_not_set_up(user: User, connection: Connection) -> str | None:
    return why_not_set_up_at(user, connection.district)


def why_not_set_up_at(user: User, district: District | None) -> str | None:
    return why_not(user, Permission.MANAGE_EDFI, district, DEED)


def check_may_set_up(user: User, district: District | None) -> None:
    check(user, Permission.MANAGE_EDFI, district, DEED)


def districts_to_read(user: User) -> QuerySet[District]:
    """Whose own ODS this user sets up, or has read: the districts at which they enter and exit students."""
    reaches = [scope_of(user, permission) for permission in (Permission.MANAGE_EDFI, Permission.ENTER_EXIT)]
    rows = District.objects.select_related("state").order_by("name")
    if any(reach.everything for reach in reaches):
        return rows
    return rows.filter(pk__in=[pk for reach in reaches for pk in reach.district_ids])


def why_not_work_on(user: User, trouble: Trouble, deed: str = "work on this record") -> str | None:
    """Through the district, or the school at which the child is; another school's role does not reach it."""
    return why_not_for(user, Permission.MANAGE_EDFI, trouble.district, trouble.student, deed)


def check_may_work_on(user: User, troubles: Iterable[Trouble], deed: str = "work on this record") -> None:
    """One look for each district; only where that does not reach, one for each child. Raises NotAllowed."""
    reached: dict[int | None, bool] = {}
    for trouble in troubles:
        at = trouble.district_id
        if at not in reached:
            reached[at] = why_not(user, Permission.MANAGE_EDFI, trouble.district, deed) is None
        if not reached[at] and (sentence := why_not_work_on(user, trouble, deed)):
            raise NotAllowed(sentence)


def who_may_take(trouble: Trouble) -> QuerySet[User]:
    """The people of its district to whom the desk is open."""
    if trouble.district is None:
        return User.objects.none()
    return people_with(Permission.SEE_EDFI, trouble.district)


def check_may_take_away(user: User) -> None:
    if not holds_anywhere(user, Permission.EXPORT):
        raise NotAllowed(f"Only {who_can(Permission.EXPORT)} can export a list.")
