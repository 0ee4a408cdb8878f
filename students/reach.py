"""Who reaches a site's children, and whether one person reaches one child, and why.

Counts and yes or no only: whoever looks after access sees no child here.
"""

from dataclasses import dataclass

from django.utils import timezone

from organizations.models import District, Site, SiteAffiliation
from security import scope
from security.holdings import given_by
from security.models import Absence, Assignment, User
from security.queries.authorized import role_name
from security.rules.roles import Permission
from security.scope import Scope, scope_of
from students.models import StudentAccess


@dataclass(frozen=True)
class Reach:
    """Children at the site today: `ours` of the district, `others` of other districts."""

    site: Site
    overseer: SiteAffiliation | None
    children: int
    ours: int
    others: int
    by_district: int
    direct: list[Assignment]


def reach_of(site: Site, district: District) -> Reach:
    today = timezone.localdate()
    with scope.elevated():
        rows = StudentAccess.objects.current().filter(site=site)
        children, ours = rows.count(), rows.filter(district=district).count()
    running = Assignment.objects.in_force().select_related("user", "site")
    direct = [row for row in running.filter(site=site) if _shows_students(row)]
    at_district = {row.user_id for row in running.filter(district=district) if _shows_students(row)}
    overseer = site.affiliations.on(today).select_related("district").first()
    return Reach(site, overseer, children, ours, children - ours, len(at_district), direct)


def _shows_students(row: Assignment) -> bool:
    return Permission.VIEW_STUDENTS in given_by(row)


def sites_of(district: District) -> list[Site]:
    """Its own, and those that it oversees today; those that roll up first."""
    affiliated = SiteAffiliation.objects.on(timezone.localdate()).filter(district=district)
    rows = Site.objects.filter(pk__in=affiliated.values("site")) | Site.objects.filter(district=district)
    return sorted(rows, key=lambda site: (site.kind == "PUBLIC", site.name))


@dataclass(frozen=True)
class Answer:
    reaches: bool
    why: str


def does_reach(person: User, state_student_id: str, district: District) -> Answer:
    """Through the same door as every page. Of another district's child nothing is said, not that it is."""
    with scope.elevated():
        rows = StudentAccess.objects.filter(student__state_student_id=state_student_id.strip())
        row = rows.filter(district=district).select_related("site", "district").first()
        if row is None:
            return Answer(False, f"{district} is and was responsible for no student with this number.")
        reach = scope_of(person)
        reached = StudentAccess.objects.in_scope(reach).filter(student=row.student_id).exists()
        return Answer(True, _why(person, row)) if reached else Answer(False, _why_not(person, row, reach))


def _why(person: User, row: StudentAccess) -> str:
    roles = [role for role in Assignment.objects.in_force().filter(user=person) if _shows_students(role)]
    for role in roles:
        if role.district_id == row.district_id:
            return (
                f"Through the role {role_name(role)} at {row.district}, which is responsible for the student."
            )
        if role.site_id and role.site_id == row.site_id and row.is_current:
            return f"Through the role {role_name(role)} at {row.site} itself."
    return "Through a role at another place that is or was responsible for the student."


def _why_not(person: User, row: StudentAccess, reach: Scope) -> str:
    if Absence.objects.suspended().filter(user=person, district=row.district).exists():
        return "The person is suspended: the staff ID was missing from the staff file twice in a row."
    if row.rolls_up and row.district_id in reach.district_ids and not reach.rolled_up:
        return f"Until the cut-over a role at {row.district} does not reach {row.site}."
    if reach.is_empty:
        return "The person has no role in force that shows students."
    return "No role of the person is at a place that is or was responsible for the student."


def panel(user: User, district: District) -> dict[str, object] | None:
    """For the desk: the first site that rolls up."""
    site = next((site for site in sites_of(district) if site.kind != "PUBLIC"), None)
    return {"reach": reach_of(site, district), "district": district} if site else None
