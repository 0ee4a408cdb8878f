"""Who holds which role where: the people to tell, and those whose decision counts."""

from django.db.models import QuerySet

from organizations.models import District
from security.models import Assignment, User
from security.rules.roles import Permission, Role, roles_with


def people_with(permission: Permission, district: District) -> QuerySet[User]:
    """Active people whose role at the district, now in force, gives the permission (not the state's)."""
    roles = [row.role for row in roles_with(permission)]
    held = Assignment.objects.in_force().filter(district=district, role__in=roles)
    people = User.objects.filter(pk__in=held.values("user_id"), is_active=True)
    return people.order_by("last_name", "first_name")


def coordinators_of(district: District) -> QuerySet[User]:
    return people_with(Permission.GRANT_ACCESS, district)


def supervisors_of(district: District) -> QuerySet[User]:
    return people_with(Permission.APPROVE_REQUESTS, district)


def state_administrators() -> QuerySet[User]:
    held = Assignment.objects.in_force().filter(role=Role.SEA_ADMINISTRATOR, district=None, site=None)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True)
