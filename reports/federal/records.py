"""What the records say of the children of districts on a count day, as known now: one row a child.

The queries look past a reader's scope: call them in the scope of the system, after access was checked. An
evaluation that an earlier district locked counts on the day as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from evaluations.rules.codes import outcomes
from ieps.models import IepStatus
from organizations.models import SiteKind

AT_A_TIME = 20_000
WAS_OFFICIAL = [
    IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE, IepStatus.AMENDED, IepStatus.SUPERSEDED,
    IepStatus.DELREQ,
]  # fmt: skip
# Each looked up by the child's index: whatever the planner guesses, a count takes as long as it has children.
ENROLLED = """
    SELECT e.grade, e.first_day <= c.on_day AND (e.last_day IS NULL OR e.last_day > c.on_day) AS enrolled,
        e.exit_code, coalesce(nullif(e.effective_exit_code, ''), e.exit_code) AS counts_as, e.last_day,
        coalesce(e.responsible_site_id, e.site_id) AS site_id
    FROM enrollment_enrollment e
    WHERE e.student_id = c.student_id AND e.district_id = c.district_id AND e.first_day <= c.on_day
        AND e.stage = 5 AND NOT e.no_show
    ORDER BY (e.last_day IS NULL OR e.last_day > c.on_day) DESC, (e.state_type = 'P') DESC,
        e.first_day DESC, e.id DESC LIMIT 1"""
DECIDED = "coalesce(v.determination_date, v.dissemination_date, v.consent_date)"
EVALUATED = f"""
    SELECT v.id, v.outcome FROM evaluations_evaluation v
    WHERE v.student_id = c.student_id AND v.locked AND v.outcome = ANY (%(determining)s)
        AND {DECIDED} <= c.on_day
    ORDER BY {DECIDED} DESC, v.id DESC LIMIT 1"""  # noqa: S608  our own words
LOOKED_AT = f"""
    SELECT max({DECIDED}) AS evaluated_on FROM evaluations_evaluation v
    WHERE v.student_id = c.student_id AND v.locked AND {DECIDED} <= c.on_day"""  # noqa: S608  our own words
PLANNED = """
    SELECT i.id, i.lre, i.last_day, i.regular_minutes, i.total_minutes FROM ieps_iep i
    WHERE i.student_id = c.student_id AND i.status = ANY (%(official)s) AND i.category <> 'GT'
        AND coalesce(i.first_day, i.meeting_date) <= c.on_day
        AND (i.replaced_from IS NULL OR i.replaced_from > c.on_day)
    ORDER BY coalesce(i.first_day, i.meeting_date) DESC, i.id DESC LIMIT 1"""
# As of the day `on_day`: enrollment, evaluation and IEP are the latest ones that had begun by then.
SAID = f"""
    SELECT c.student_id, c.district_id, s.birth_date, s.sex, s.hispanic, s.races,
        coalesce(nullif(e.grade, ''), s.grade) AS grade, coalesce(e.enrolled, false) AS enrolled,
        coalesce(e.exit_code, '') AS exit_code, e.last_day AS school_left,
        CASE WHEN e.last_day <= c.on_day THEN e.counts_as END AS left_with,
        CASE WHEN site.kind = %(public)s AND site.district_id = c.district_id THEN site.id END AS site_id,
        v.outcome, coalesce(x.code, '') AS exceptionality,
        i.id IS NOT NULL AS has_iep, coalesce(i.lre, '') AS environment, i.last_day AS iep_until,
        CASE WHEN i.total_minutes > 0 THEN i.regular_minutes::bigint * 10000 / i.total_minutes END AS percent,
        coalesce(t.text, '') AS learner, l.evaluated_on, {{more}}
    FROM children c
    JOIN students_student s ON s.id = c.student_id
    LEFT JOIN LATERAL ({ENROLLED}) e ON true
    LEFT JOIN organizations_site site ON site.id = e.site_id
    LEFT JOIN LATERAL ({EVALUATED}) v ON true
    LEFT JOIN LATERAL (
        SELECT x.code FROM evaluations_exceptionality x WHERE x.evaluation_id = v.id AND x.rank = 1
        ORDER BY x.id LIMIT 1) x ON true
    LEFT JOIN LATERAL ({LOOKED_AT}) l ON true
    LEFT JOIN LATERAL ({PLANNED}) i ON true
    LEFT JOIN ieps_sectiontext t ON t.iep_id = i.id AND t.section = 'GSI' AND t.field = 'lep'"""  # noqa: S608
# Whoever has merged into another number is counted under that one.
ONE_CHILD = "a.student_id IN (SELECT id FROM students_student WHERE merged_into_id IS NULL)"
OF_THESE = "(%(children)s::bigint[] IS NULL OR a.student_id = ANY (%(children)s::bigint[]))"
ON_THE_DAY = f"""a.first_day <= %(day)s AND (a.last_day IS NULL OR a.last_day > %(day)s)
    AND {ONE_CHILD} AND {OF_THESE}"""
# An activity that the legacy system gave no district is that of the district responsible on the day.
ACTIVE = f"""
    SELECT a.student_id, a.district_id, %(day)s::date AS on_day
    FROM enrollment_specialeducationactivity a
    WHERE a.district_id = ANY (%(districts)s) AND {ON_THE_DAY}
    UNION
    SELECT a.student_id, j.district_id, %(day)s::date
    FROM enrollment_specialeducationactivity a JOIN students_jurisdiction j USING (student_id)
    WHERE a.district_id IS NULL AND j.district_id = ANY (%(districts)s) AND j.first_day <= %(day)s
        AND (j.last_day IS NULL OR j.last_day >= %(day)s) AND NOT j.contested AND {ON_THE_DAY}"""  # noqa: S608
ELSEWHERE = """EXISTS (SELECT FROM enrollment_specialeducationactivity o
        WHERE o.student_id = c.student_id AND o.district_id <> c.district_id AND o.first_day <= %(day)s
            AND (o.last_day IS NULL OR o.last_day > %(day)s)) AS elsewhere"""
# The latest exit of the period from each district.
LEFT = f"""
    SELECT DISTINCT ON (a.student_id, a.district_id) a.student_id, a.district_id, a.last_day AS on_day,
        a.exit_reason, a.id AS activity
    FROM enrollment_specialeducationactivity a
    WHERE a.district_id = ANY (%(districts)s) AND a.last_day BETWEEN %(first)s AND %(day)s
        AND {ONE_CHILD} AND {OF_THESE}
    ORDER BY a.student_id, a.district_id, a.last_day DESC, a.id DESC"""  # noqa: S608  our own words
# Of a child that left several districts in the period the latest exit is the state's, so that one counts it.
AFTERWARDS = """c.on_day AS exit_day, c.exit_reason,
        EXISTS (SELECT FROM enrollment_specialeducationactivity o WHERE o.student_id = c.student_id
            AND o.district_id = c.district_id AND o.first_day BETWEEN c.on_day AND %(day)s
            AND (o.last_day IS NULL OR o.last_day > %(day)s)) AS came_back,
        EXISTS (SELECT FROM enrollment_specialeducationactivity o WHERE o.student_id = c.student_id
            AND o.district_id <> c.district_id AND o.first_day <= %(day)s
            AND (o.last_day IS NULL OR o.last_day > c.on_day OR (o.last_day = c.on_day AND o.id > c.activity))
        ) AS goes_on"""


@dataclass(frozen=True)
class Wanted:
    """Children of these districts on a day, or that left from `first` to it; all, or only these children."""

    districts: Sequence[int]
    day: date
    first: date | None = None
    children: Sequence[int] | None = None

    @property
    def params(self) -> dict[str, Any]:
        return {
            "districts": list(self.districts), "day": self.day, "first": self.first,
            "children": None if self.children is None else list(self.children),
            "determining": [row.code for row in outcomes() if row.determines],
            "official": list(map(str, WAS_OFFICIAL)), "public": SiteKind.PUBLIC.value,
        }  # fmt: skip


def said(wanted: Wanted) -> Iterator[dict[str, Any]]:
    """One mapping a child and district, by the names of the columns above."""
    children, more = (LEFT, AFTERWARDS) if wanted.first else (ACTIVE, ELSEWHERE)
    query = f"WITH children AS MATERIALIZED ({children}) {SAID.format(more=more)}"  # noqa: S608  our own words
    with connection.cursor() as cursor:
        cursor.execute(query, wanted.params)
        names = [column.name for column in cursor.description]
        for some in _blocks(cursor):
            yield from (dict(zip(names, row, strict=True)) for row in some)


def _blocks(cursor) -> Iterator[list[tuple]]:
    while some := cursor.fetchmany(AT_A_TIME):
        yield some


def enrolled_on(district_id: int, day: date) -> int:
    """How many children of the district are enrolled on a day: what stands here for its membership."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT student_id) FROM enrollment_enrollment WHERE district_id = %s"
            " AND first_day <= %s AND (last_day IS NULL OR last_day > %s) AND stage = 5 AND NOT no_show",
            [district_id, day, day],
        )
        return cursor.fetchone()[0]
