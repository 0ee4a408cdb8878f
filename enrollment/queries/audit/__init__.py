"""The enrollment audit as one statement over many children: what is found, opened and cleared."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import connection

from enrollment.queries.audit import code_checks, day_checks, pair_checks, person_checks, place_checks
from enrollment.queries.audit.enrollments import ENROLLMENTS, values_of_rules
from enrollment.queries.audit.plans import plans_sql
from organizations.rules.calendar import school_year_of

SQL_OF_CHECK: dict[int, str] = {
    **day_checks.CHECKS,
    **code_checks.CHECKS,
    **place_checks.CHECKS,
    **pair_checks.CHECKS,
    **person_checks.CHECKS,
}

# A finding that still holds stays as it is, with its explanation; one that no longer does is cleared.
_STATEMENT = """
WITH {enrollments}, {pairs}, plans AS MATERIALIZED ({plans}),
rules AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(checks)s::jsonb) AS x(number smallint, severity text, days integer)),
found AS MATERIALIZED ({checks}),
opened AS (
    INSERT INTO enrollment_finding (check_number, student_id, district_id, other_id, enrollment_id, subject,
        severity, words, found_at, explained)
    SELECT f.number, student_id, district_id, other_id, enrollment_id, subject, r.severity, words, %(now)s, ''
    FROM found f JOIN rules r ON r.number = f.number
    ON CONFLICT (check_number, student_id, district_id, subject) WHERE cleared_at IS NULL DO NOTHING
    RETURNING 1),
cleared AS (
    UPDATE enrollment_finding o SET cleared_at = %(now)s
    WHERE cleared_at IS NULL AND student_id {children}
        AND NOT EXISTS (
            SELECT FROM found f WHERE f.number = o.check_number AND f.student_id = o.student_id
                AND f.district_id = o.district_id AND f.subject = o.subject)
    RETURNING 1)
SELECT (SELECT count(*) FROM opened), (SELECT count(*) FROM cleared)"""


def audit(low: int, high: int, today: date, now: datetime) -> tuple[int, int]:
    """Look at the children with ids from `low` to `high`: how many findings were opened and cleared."""
    return _ask("BETWEEN %(low)s AND %(high)s", {"low": low, "high": high}, today, now)


def audit_these(children: Collection[int], today: date, now: datetime) -> tuple[int, int]:
    """The same for children by their ids."""
    return _ask("= ANY (%(these)s)", {"these": list(children)}, today, now)


def _ask(children: str, who: dict[str, Any], today: date, now: datetime) -> tuple[int, int]:
    """`children`: which ids are looked at, as a condition that takes the values of `who`."""
    year = school_year_of(today)
    values = {"today": today, "now": now, "year_first": year.first_day, **who, **values_of_rules()}
    with connection.cursor() as cursor:
        cursor.execute(_statement().replace("{children}", children), values)
        return cursor.fetchone()


def _statement() -> str:
    checks = "\nUNION ALL ".join(
        f"SELECT {number}::smallint AS number, f{number}.* FROM ({sql}) f{number}"  # noqa: S608  our own words
        for number, sql in sorted(SQL_OF_CHECK.items())
    )
    return _STATEMENT.format(
        enrollments=ENROLLMENTS, pairs=pair_checks.PAIRS, plans=plans_sql(), checks=checks,
        children="{children}",
    )  # fmt: skip
