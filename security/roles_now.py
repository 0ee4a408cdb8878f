"""The roles of one person that count now, with their places: what every request asks first.

A test holds the statement against `Assignment.objects.in_force()`.
"""

from functools import cache
from typing import Any

from django.utils import timezone

from organizations.models import District, Site, State
from security import asked_often
from security.models.assignment import Assignment

PARTS = (("a", Assignment), ("d", District), ("t", State), ("s", Site))
FROM = """
    FROM security_assignment a
    LEFT JOIN organizations_district d ON d.id = a.district_id
    LEFT JOIN organizations_state t ON t.id = d.state_id
    LEFT JOIN organizations_site s ON s.id = a.site_id
    WHERE a.user_id = %(user)s AND a.first_day <= %(day)s AND (a.last_day IS NULL OR a.last_day >= %(day)s)
    AND (a.ended_at IS NULL OR a.ended_at > %(at)s)
    AND NOT EXISTS (
        SELECT 1 FROM security_absence m
        WHERE m.user_id = a.user_id AND m.ended_at IS NULL AND m.suspended_at IS NOT NULL
        AND m.district_id IN (a.district_id, s.district_id))
    ORDER BY a.first_day, a.id
"""


def roles_now(user_id: int) -> tuple[Assignment, ...]:
    """In the order of their first days, each with its district and state, or its site."""
    at = timezone.now()
    found = asked_often.rows(_statement(), {"user": user_id, "day": timezone.localdate(at), "at": at})
    return tuple(_role(*asked_often.objects(PARTS, row)) for row in found)


@cache
def _statement() -> str:
    return f"SELECT {asked_often.columns(PARTS)} {FROM}"  # noqa: S608  names of our own columns


def _role(role: Any, district: Any, state: Any, site: Any) -> Assignment:
    role.district, role.site = district, site
    if district:
        district.state = state
    return role
