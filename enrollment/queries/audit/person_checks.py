"""Checks of the child: age, grade, the record itself, special education and its plan."""

from enrollment.queries.audit.enrollments import day, finding

_NOW = "last_day IS NULL AND NOT no_show AND first_day <= %(today)s"
_IN_SPECIAL_EDUCATION = """EXISTS (SELECT FROM enrollment_specialeducationactivity a
    WHERE a.student_id = e.student_id AND (a.last_day IS NULL OR a.last_day > %(today)s))"""
_OLDEST = """birth_date + make_interval(years => a.oldest)
    <= CASE WHEN a.at_year_end THEN %(year_first)s::date ELSE %(today)s::date END"""
_AGE = "date_part('year', age(%(year_first)s::date, birth_date))"
_USUAL = "(level + 5)"
_SAME_GRADE = "previous_level IS NOT NULL AND level IS NOT NULL"
_OF_PROGRAM_END = """SELECT e.student_id, e.district_id, NULL::bigint AS other_id, e.id AS enrollment_id,
        e.id::text AS subject, {words} AS words
    FROM e JOIN enrollment_specialeducationactivity a
        ON a.student_id = e.student_id AND a.last_day = e.last_day
    JOIN program_ends p ON p.profile = e.profile AND p.code = a.exit_reason
    WHERE {where}"""

CHECKS = {
    10: _OF_PROGRAM_END.format(
        words="'The school exit ' || e.exit_code || CASE WHEN e.diploma THEN ' says diploma, the end of"
        " special education does not.' ELSE ' says no diploma, the end of special education does.' END",
        where="e.exit_known AND coalesce(e.diploma, false) <> p.diploma",
    ),
    16: finding(
        "'Past the maximum age for special education.'",
        f"{_NOW} AND {_IN_SPECIAL_EDUCATION}"
        f" AND EXISTS (SELECT FROM ages a WHERE a.profile = e.profile AND {_OLDEST})",
    ),
    17: finding(
        f"'At ' || {_AGE} || ' years of age in grade ' || coalesce(nullif(grade, ''), '(none)') || '.'",
        f"{_NOW} AND (birth_date > first_day - interval '3 years'"  # noqa: S608  our own words
        f" OR level IS NOT NULL AND abs({_AGE} - {_USUAL}) > (SELECT days FROM rules WHERE number = 17))",
    ),
    19: finding(
        "'The grade went from ' || previous_level || ' to ' || level || '.'",
        f"{_SAME_GRADE} AND first_day >= %(year_first)s AND (level < previous_level OR level > previous_level"
        " + greatest(1, extract(year FROM first_day) - extract(year FROM previous_first_day)))",
    ),
    23: finding(
        "'The record of this child is no longer in use, and an enrollment is open.'",
        f"{_NOW} AND (NOT is_active OR EXISTS (SELECT FROM students_studentmerge m"
        " WHERE m.merged_id = e.student_id AND m.undone_at IS NULL))",
    ),
    24: finding(
        "'In special education and enrolled, without an IEP in force.'",
        f"{_NOW} AND stage = 5 AND {_IN_SPECIAL_EDUCATION}"
        " AND NOT EXISTS (SELECT FROM plans p WHERE p.student_id = e.student_id)",
    ),
    25: """SELECT p.student_id, p.district_id, NULL::bigint AS other_id, NULL::bigint AS enrollment_id,
            'plan' AS subject, 'An IEP is in force, and the child is enrolled nowhere.' AS words
        FROM (SELECT DISTINCT student_id, district_id FROM plans WHERE district_id IS NOT NULL) p
        WHERE NOT EXISTS (SELECT FROM e WHERE e.student_id = p.student_id AND (e.last_day IS NULL
            OR e.last_day >= %(today)s OR e.seds_state IN ('EXIT_CODED', 'PENDING_PWN', 'PWN_ISSUED',
                'ADMIN_EXIT_REQUESTED')))""",
    26: _OF_PROGRAM_END.format(
        words=f"'Special education ended as dropped out on ' || {day('e.last_day')} || ', the exit day.'",
        where="p.dropout",
    ),
}
