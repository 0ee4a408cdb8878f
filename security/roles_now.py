"""The roles of one person that count now, with their places: what every request asks first.

Written out, since building the same query costs many times its answer. A test holds it against
`Assignment.objects.in_force()`.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import connection, models
from django.utils import timezone

from organizations.models import District, Site, State
from security.models.assignment import Assignment

PARTS: tuple[tuple[str, type[models.Model]], ...] = (
    ("a", Assignment), ("d", District), ("t", State), ("s", Site),
)  # fmt: skip
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
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"user": user_id, "day": timezone.localdate(at), "at": at})
        return tuple(_role(list(_objects(row))) for row in cursor.fetchall())


@cache
def _statement() -> str:
    columns = [f"{alias}.{name}" for alias, model in PARTS for name in _names(model)]
    return f"SELECT {', '.join(columns)} {FROM}"  # noqa: S608  names of our own columns


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _objects(row: tuple[Any, ...]) -> Iterator[models.Model | None]:
    begins = 0
    for _, model in PARTS:
        names = _names(model)
        part, begins = row[begins : begins + len(names)], begins + len(names)
        yield model.from_db(connection.alias, names, part) if part[0] is not None else None


def _role(found: list[Any]) -> Assignment:
    role, district, state, site = found
    role.district, role.site = district, site
    if district:
        district.state = state
    return role
