"""Rosters as the database computes them: who was on one on a day, as known at an instant.

Row-level security asks for each row whose it is; of the 100,000 children of a district that takes longer than the
roster itself. These functions look past it and keep to the scope of the transaction themselves: all rows are of
one district, so that a child is in reach or not, once for all of its rows.
"""

from django.db import migrations

ENROLLMENT = "student_id, site_id, grade, stage, no_show, entry_code, first_day, exit_code, last_day"
ACTIVITY = "student_id, district_id, first_day, last_day"

# The same as the policy of the access table, with that of records (security/row_security.py). Of the four parts
# the planner keeps those that the settings ask for; the last one: before a merge the child stood here as the record
# that was merged, so whoever reaches the child today is told of it.
WITHIN_REACH = """
    SELECT * FROM {rows} WHERE everything
    UNION ALL
    SELECT * FROM {rows} r WHERE NOT everything AND EXISTS (
        SELECT FROM students_studentaccess a
        WHERE a.student_id = r.student_id AND a.district_id = ANY (districts)
            AND (a.is_current OR a.district_id = of_district) AND (rolled_up OR NOT a.rolls_up))
    UNION ALL
    SELECT * FROM {rows} r WHERE NOT everything AND sites <> '{{}}' AND EXISTS (
        SELECT FROM students_studentaccess a
        WHERE a.student_id = r.student_id AND a.is_current AND a.site_id = ANY (sites))
    UNION ALL
    SELECT r.* FROM {rows} r JOIN students_studentmerge m ON m.merged_id = r.student_id AND m.undone_at IS NULL
    WHERE NOT everything AND EXISTS (
        SELECT FROM students_studentaccess a
        WHERE a.student_id = students_goes_on_as(m.kept_id) AND (
            a.district_id = ANY (districts) AND (a.is_current OR a.district_id = of_district)
                AND (rolled_up OR NOT a.rolls_up)
            OR a.is_current AND a.site_id = ANY (sites)))"""


def changed(name: str, table: str, of_district: str = "") -> str:
    """The rows that something happened to after the instant; of all others the present is what was known."""
    return f"""{name}_changed AS MATERIALIZED (
        SELECT DISTINCT pgh_obj_id AS id FROM {table}event WHERE {of_district} pgh_created_at > at_instant)"""  # noqa: S608


def known(name: str, table: str, columns: str, where: str) -> str:
    """The rows of the district as they were known at the instant: the present ones, and versions of the changed."""
    of_row = ", ".join(f"r.{column.strip()}" for column in columns.split(","))
    of_district = f"r.district_id = of_district AND r.first_day <= on_day AND {where}"
    return f"""{name}_known AS NOT MATERIALIZED (
        SELECT r.id, {of_row} FROM {table} r
        WHERE {of_district} AND r.id NOT IN (SELECT id FROM {name}_changed)
        UNION ALL
        SELECT c.id, {of_row} FROM {name}_changed c CROSS JOIN LATERAL (
            SELECT * FROM {table}event e WHERE e.pgh_obj_id = c.id AND e.pgh_created_at <= at_instant
            ORDER BY e.pgh_created_at DESC, e.pgh_id DESC LIMIT 1) r
        WHERE r.pgh_label <> 'delete' AND {of_district})"""  # noqa: S608  our own names


OPEN = "CASE WHEN r.last_day IS NULL THEN 'infinity' ELSE r.last_day END >= on_day"  # as the index has it
OF_ENROLLMENT = ("enrollment", "enrollment_enrollment")
OF_ACTIVITY = ("activity", "enrollment_specialeducationactivity")
# An enrollment stays its district's (its trigger), so that only changes within the district matter.
ENROLLMENT_CHANGED = changed(*OF_ENROLLMENT, "district_id = of_district AND")
NARROWED = "(at_site IS NULL OR site_id = at_site) AND (in_grade = '' OR grade = in_grade)"
# Latest enrollment first: it is the one that puts the child on the roster.
ONE_A_CHILD = "SELECT DISTINCT ON (student_id) student_id, id, site_id, grade, entry_code, first_day"
LATEST_FIRST = "ORDER BY student_id, first_day DESC, id DESC"

# What both records had stays with the merged one: it is one child, from the merge until it is undone.
ONE_CHILD = """student_id NOT IN (SELECT m.merged_id FROM students_studentmerge m
    WHERE m.at <= at_instant AND (m.undone_at IS NULL OR m.undone_at > at_instant))"""

ON_SLED = f"""stage = 5 AND NOT no_show AND {NARROWED} AND {ONE_CHILD}
    AND (last_day IS NULL OR last_day > on_day OR last_day = on_day AND exit_code = ANY (re_entered))"""
SLED = f"""
    WITH {ENROLLMENT_CHANGED}, {known(*OF_ENROLLMENT, ENROLLMENT, OPEN)},
    counted AS NOT MATERIALIZED (SELECT * FROM enrollment_known WHERE {ON_SLED})
    {ONE_A_CHILD} FROM ({WITHIN_REACH.format(rows="counted")}) reached
    {LATEST_FIRST}"""  # noqa: S608

# A pending exit is no exit (OSSE R5.11): the child stays where it was last enrolled until its activity has ended.
SEDS = f"""
    WITH {changed(*OF_ACTIVITY)}, {known(*OF_ACTIVITY, ACTIVITY, "(r.last_day IS NULL OR r.last_day > on_day)")},
    active AS MATERIALIZED (
        SELECT DISTINCT student_id FROM ({WITHIN_REACH.format(rows="activity_known")}) reached
        WHERE {ONE_CHILD}),
    {ENROLLMENT_CHANGED},
    {known(*OF_ENROLLMENT, ENROLLMENT, "r.student_id IN (SELECT student_id FROM active)")},
    last_enrollment AS ({ONE_A_CHILD} FROM enrollment_known {LATEST_FIRST})
    SELECT student_id, id, site_id, grade, entry_code, first_day
    FROM active LEFT JOIN last_enrollment USING (student_id)
    WHERE {NARROWED}"""  # noqa: S608

GIVEN = "of_district bigint, on_day date, at_instant timestamptz, re_entered text[], at_site bigint, in_grade text"


def function(name: str, query: str) -> migrations.RunSQL:
    """`re_entered`: exits whose own day still counts, the entry behind them leaving no gap (OSSE R4.03)."""
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}({GIVEN})
        RETURNS TABLE (student_id bigint, enrollment_id bigint, site_id bigint, grade varchar,
            entry_code varchar, first_day date)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        SET plan_cache_mode = force_custom_plan AS $$
        #variable_conflict use_column
        DECLARE
            everything boolean := coalesce(current_setting('eser.scope', true), '') = 'all';
            rolled_up boolean := coalesce(current_setting('eser.rolled_up', true), '') = 'yes';
            districts bigint[] := coalesce(nullif(current_setting('eser.district_ids', true), ''), '{{}}');
            sites bigint[] := coalesce(nullif(current_setting('eser.site_ids', true), ''), '{{}}');
        BEGIN
            RETURN QUERY {query};
        END $$
        """,
        f"DROP FUNCTION {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0003_row_security_of_papers")]

    operations = [function("enrollment_on_sled", SLED), function("enrollment_on_seds", SEDS)]
