"""Who holds which role where: the people to tell, and those whose decision counts."""

from django.db.models import QuerySet

from security.models import Assignment, User
from security.rules.roles import Permission, Role, roles_with


def holders_of(permission: Permission, district_id: int) -> QuerySet[User]:
    """Active people whose role at the district, now in force, gives the permission."""
    roles = [row.role for row in roles_with(permission)]
    rows = Assignment.objects.in_force().filter(role__in=roles, district_id=district_id)
    return User.objects.filter(is_active=True, pk__in=rows.values("user_id"))


def state_administrators() -> QuerySet[User]:
    rows = Assignment.objects.in_force().filter(role=Role.SEA_ADMINISTRATOR, district=None, site=None)
    return User.objects.filter(is_active=True, pk__in=rows.values("user_id"))
