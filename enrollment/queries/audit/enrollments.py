"""What every check reads: the enrollments of the children looked at, each with its neighbours in time."""

import json
from functools import cache

from enrollment.rules.checks import Meaning, checks, exit_meanings
from enrollment.rules.codes import (
    Category,
    Code,
    Dropout,
    EnrollmentRoster,
    EntryCode,
    ExitCode,
    Kind,
    code_set,
    entry_codes,
    exit_codes,
    sped_exits,
)
from organizations.rules.places import grades
from organizations.rules.profiles import AgeOutRule, Profile, state_profiles

ENROLLMENTS = """
entry_list AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(entry_codes)s::jsonb) AS x(profile text, code text, active boolean,
        first_day date, last_day date, after_exit text)),
exit_list AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(exit_codes)s::jsonb) AS x(profile text, code text, active boolean,
        first_day date, last_day date, category text, stage smallint, re_entered boolean, dropout boolean,
        diploma boolean, arrives boolean)),
grades AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(grades)s::jsonb) AS x(grade text, level smallint)),
ages AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(ages)s::jsonb) 
        AS x(profile text, oldest integer, at_year_end boolean)),
program_ends AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(program_ends)s::jsonb)
        AS x(profile text, code text, dropout boolean, diploma boolean)),
e AS MATERIALIZED (
    SELECT e.*, s.birth_date, s.is_active, t.profile, d.state_id, g.level,
        n.code IS NOT NULL AS entry_known, n.active AS entry_active, n.first_day AS entry_from,
        n.last_day AS entry_until, n.after_exit,
        x.code IS NOT NULL AS exit_known, x.active AS exit_active, x.first_day AS exit_from,
        x.last_day AS exit_until, x.stage AS exit_stage, x.category AS exit_category, x.re_entered, x.dropout,
        x.diploma, x.arrives,
        lead(e.first_day) OVER w AS next_first_day, lead(e.district_id) OVER w AS next_district_id,
        lead(e.entry_code) OVER w AS next_entry_code, lead(e.service_type) OVER w AS next_service_type,
        lead(e.id) OVER w AS next_id,
        lag(e.exit_code) OVER w AS previous_exit_code, lag(e.last_day) OVER w AS previous_last_day,
        lag(g.level) OVER w AS previous_level, lag(e.first_day) OVER w AS previous_first_day,
        e.first_day <= max(coalesce(e.last_day, 'infinity')) OVER (
            w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS shares_days
    FROM (SELECT id, student_id, district_id, site_id, responsible_site_id, calendar_id, grade, stage,
              entry_code, first_day, exit_code, last_day, attended, no_show, state_type, service_type,
              eval_only, seds_state, first_attended, last_attended, exit_lag, documentation_due,
              documentation_accepted_at
          FROM enrollment_enrollment WHERE student_id {children}) e
    JOIN students_student s ON s.id = e.student_id
    JOIN organizations_district d ON d.id = e.district_id
    JOIN organizations_state t ON t.id = d.state_id
    LEFT JOIN grades g ON g.grade = e.grade
    LEFT JOIN entry_list n ON n.profile = t.profile AND n.code = e.entry_code
    LEFT JOIN exit_list x ON x.profile = t.profile AND x.code = e.exit_code
    WINDOW w AS (PARTITION BY e.student_id ORDER BY e.first_day, e.id))"""


def finding(words: str, where: str, *, other: str = "NULL::bigint", subject: str = "id::text") -> str:
    """A check that asks one enrollment at a time; `words` is SQL that gives the sentence."""
    return (
        f"SELECT student_id, district_id, {other} AS other_id, id AS enrollment_id,"  # noqa: S608  our own words
        f" {subject} AS subject, {words} AS words FROM e WHERE {where}"
    )


def day(column: str) -> str:
    """SQL that writes a day as pages do: Sep 4, 2026."""
    return f"to_char({column}, 'Mon FMDD, YYYY')"


@cache
def values_of_rules() -> dict[str, str]:
    """The tables of the rules, as the statement takes them."""
    return {
        "entry_codes": json.dumps(_listed(Kind.ENTRY)),
        "exit_codes": json.dumps(_listed(Kind.EXIT)),
        "grades": json.dumps([{"grade": row.grade, "level": row.level} for row in grades()]),
        "ages": json.dumps(
            [
                {
                    "profile": row.profile, "oldest": row.idea_max_age,
                    "at_year_end": row.age_out_rule == AgeOutRule.END_OF_SCHOOL_YEAR,
                }
                for row in state_profiles()
            ]
        ),
        "program_ends": json.dumps(
            [
                {
                    "profile": row.profile, "code": row.code,
                    "dropout": row.federal_categories == ("DROPOUT",),
                    "diploma": "GHS" in row.federal_categories,
                }
                for row in sped_exits()
            ]
        ),
        "checks": json.dumps(
            [{"number": one.number, "severity": one.severity, "days": one.days} for one in checks()]
        ),
    }  # fmt: skip


def _listed(kind: Kind) -> list[dict[str, object]]:
    """The codes of one kind, for each state those that it uses."""
    table: tuple[Code, ...] = entry_codes() if kind == Kind.ENTRY else exit_codes()
    return [
        _code(state.profile, row)
        for state in state_profiles()
        for row in table
        if row.profile == code_set(state.profile)
    ]


def _code(profile: Profile, row: Code) -> dict[str, object]:
    says = {one.meaning for one in exit_meanings() if (one.profile, one.code) == (row.profile, row.code)}
    known = {
        "profile": profile, "code": row.code, "category": row.category, "stage": row.stage,
        "active": row.active, "first_day": row.first_day and row.first_day.isoformat(),
        "last_day": row.last_day and row.last_day.isoformat(),
    }  # fmt: skip
    if isinstance(row, EntryCode):
        return {**known, "after_exit": row.after_exit}
    assert isinstance(row, ExitCode)  # noqa: S101  there are two kinds of code
    return {
        **known,
        "re_entered": row.leaves_enrollment_roster == EnrollmentRoster.RE_ENTERED,
        "dropout": row.category == Category.DISENGAGEMENT and row.counts_as_dropout == Dropout.GRADES_7_TO_12,
        "diploma": Meaning.DIPLOMA in says,
        "arrives": Meaning.ARRIVES in says,
    }
