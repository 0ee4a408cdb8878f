"""The roles of one person that count now, with their places, and the grants: what every request asks first.

A test holds the roles against `Assignment.objects.in_force()`.
"""

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from organizations.models import District, Site, State
from security import asked_often
from security.models.assignment import Assignment

PARTS = (("a", Assignment), ("d", District), ("t", State), ("s", Site))
ROLES = """
    LEFT JOIN (
        security_assignment a
        LEFT JOIN organizations_district d ON d.id = a.district_id
        LEFT JOIN organizations_state t ON t.id = d.state_id
        LEFT JOIN organizations_site s ON s.id = a.site_id
    ) ON a.user_id = %(user)s
        AND a.first_day <= %(day)s AND (a.last_day IS NULL OR a.last_day >= %(day)s)
        AND (a.ended_at IS NULL OR a.ended_at > %(at)s)
        AND NOT EXISTS (
            SELECT 1 FROM security_absence m
            WHERE m.user_id = a.user_id AND m.ended_at IS NULL AND m.suspended_at IS NOT NULL
            AND (m.district_id IN (a.district_id, s.district_id) OR EXISTS (
                SELECT 1 FROM organizations_siteaffiliation f
                WHERE f.site_id = a.site_id AND f.district_id = m.district_id
                AND f.first_day <= %(day)s AND (f.last_day IS NULL OR f.last_day >= %(day)s))))
    ORDER BY a.first_day, a.id
"""
# Kind of place, its id, its district's id, permission; and under other kinds what is asked along (of a
# support grant the profile of the district's state).
GRANTS = """
    SELECT 'district', g.content_object_id, g.content_object_id, p.codename
    FROM security_districtgrant g JOIN auth_permission p ON p.id = g.permission_id
    WHERE g.user_id = %(user)s
    UNION ALL
    SELECT 'site', g.content_object_id, s.district_id, p.codename
    FROM security_sitegrant g JOIN auth_permission p ON p.id = g.permission_id
    JOIN organizations_site s ON s.id = g.content_object_id
    WHERE g.user_id = %(user)s
    UNION ALL
    SELECT 'signed', t.state_id, (extract(epoch FROM max(g.signed_at)) * 1000000)::bigint, p.time_zone
    FROM security_assurancesignature g
    JOIN security_assurancetext t ON t.id = g.text_id JOIN organizations_state p ON p.id = t.state_id
    WHERE g.user_id = %(user)s AND t.version >= coalesce(
        (SELECT max(r.version) FROM security_assurancetext r
         WHERE r.state_id = t.state_id AND r.sign_again), 0)
    GROUP BY t.state_id, p.time_zone
    UNION ALL
    SELECT 'rolling', c.district_id, NULL, ''
    FROM security_accesssettings c
    WHERE c.assurance_period = 'ROLLING' AND EXISTS (
        SELECT 1 FROM security_assignment a LEFT JOIN organizations_site s ON s.id = a.site_id
        WHERE a.user_id = %(user)s AND coalesce(a.district_id, s.district_id) = c.district_id)
    UNION ALL
    SELECT 'unread', count(*), NULL, '' FROM security_notice WHERE user_id = %(user)s AND read_at IS NULL
    UNION ALL
    SELECT 'support', g.district_id, g.district_id, p.profile
    FROM security_supportgrant g
    JOIN organizations_district d ON d.id = g.district_id JOIN organizations_state p ON p.id = d.state_id
    WHERE g.user_id = %(user)s AND g.ended_at IS NULL AND g.ends_at > statement_timestamp()
    UNION ALL
    SELECT 'view_only', 0, NULL, v.sentence
    FROM security_viewonly v WHERE v.ended_at IS NULL AND v.since <= statement_timestamp()
"""
Found = tuple[str, int, int | None, str]
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


def held_now(
    user_id: int, setting: Mapping[str, str] = NO_SETTINGS
) -> tuple[tuple[Assignment, ...], list[Found]]:
    """Roles in the order of their first days, each with its district and state or its site; the grants.

    `setting`: what the same statement sets for the rest of the transaction.
    """
    at = timezone.now()
    asked = {"user": user_id, "day": timezone.localdate(at), "at": at, **setting}
    rows = asked_often.rows(_statement(tuple(setting)), asked)
    roles = [_role(*asked_often.objects(PARTS, row)) for row in rows if row[0] is not None]
    return tuple(roles), [tuple(grant) for grant in json.loads(rows[0][-1])]


def roles_now(user_id: int) -> tuple[Assignment, ...]:
    return held_now(user_id)[0]


@cache
def _statement(setting: tuple[str, ...]) -> str:
    every = "json_agg(json_build_array(g.kind, g.place, g.of_district, g.what))"
    found = f"coalesce({every}, '[]')::text AS found"
    asked = ", ".join((found, *map(asked_often.set_local, setting)))
    return f"""SELECT {asked_often.columns(PARTS)}, f.found
        FROM (SELECT {asked}
              FROM ({GRANTS}) g (kind, place, of_district, what)) f {ROLES}"""  # noqa: S608  our own words


def _role(role: Any, district: Any, state: Any, site: Any) -> Assignment:
    role.district, role.site = district, site
    if district:
        district.state = state
    return role
