"""Row-level security for tables that bear students: the SQL that migrations of every app run.

Three kinds of table (docs/adr/0005):
- *person*: the child itself; whoever was ever responsible may see it.
- *record*: has `student_id` and `district_id`; the district responsible today sees all of a child's
  records, an earlier one only those made under its responsibility.
- *today*: has `student_id` only; seen by the district responsible today.
- *part*: belongs to a record through a foreign key, and is seen when the record is. With a district of its
  own it is seen as a record of that district: what a later one adds is not an earlier one's to read.
- *place*: has `district_id` only (rows of a file not yet matched with children); seen by that district.

Which rows of the access table are in scope is said once, by the policy of that table itself (students): the
conditions here find those rows only. Saying it again would double the work of every plan.
"""

from django.db import migrations

SCOPE_ALL = "(SELECT current_setting('eser.scope', true)) = 'all'"
MY_DISTRICTS = "((SELECT coalesce(nullif(current_setting('eser.district_ids', true), ''), '{}'))::bigint[])"
MY_SITES = "((SELECT coalesce(nullif(current_setting('eser.site_ids', true), ''), '{}'))::bigint[])"
ROLLED_UP = "(SELECT coalesce(current_setting('eser.rolled_up', true), '')) = 'yes'"
# Of most rows the boolean alone decides; the setting is read once for a statement, when a row asks for it.
IN_REACH = (
    f"((a.district_id = ANY {MY_DISTRICTS} AND (NOT a.rolls_up OR {ROLLED_UP}))"
    f" OR (a.is_current AND a.site_id = ANY {MY_SITES}))"
)
ACCESS = "students_studentaccess"


def person_condition(table: str, key: str = "id") -> str:
    return f"EXISTS (SELECT 1 FROM {ACCESS} a WHERE a.student_id = {table}.{key})"


def today_condition(table: str, key: str = "student_id") -> str:
    return f"EXISTS (SELECT 1 FROM {ACCESS} a WHERE a.student_id = {table}.{key} AND a.is_current)"


def record_condition(table: str, key: str = "student_id") -> str:
    return (
        f"EXISTS (SELECT 1 FROM {ACCESS} a WHERE a.student_id = {table}.{key}"
        f" AND (a.is_current OR a.district_id = {table}.district_id))"
    )


def part_condition(table: str, key: str, parent: str) -> str:
    return f"EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {table}.{key})"


def own_part_condition(table: str, key: str, parent: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {parent} p JOIN {ACCESS} a ON a.student_id = p.student_id"
        f" WHERE p.id = {table}.{key} AND (a.is_current OR a.district_id = {table}.district_id))"
    )


def place_condition(table: str) -> str:
    return f"{table}.district_id = ANY {MY_DISTRICTS}"


def person(table: str, key: str = "id") -> migrations.RunSQL:
    return _protect(table, person_condition(table, key))


def record(table: str, key: str = "student_id") -> migrations.RunSQL:
    return _protect(table, record_condition(table, key))


def today(table: str, key: str = "student_id") -> migrations.RunSQL:
    return _protect(table, today_condition(table, key))


def part(table: str, key: str, parent: str) -> migrations.RunSQL:
    return _protect(table, part_condition(table, key, parent))


def part_of_a_district(table: str, key: str, parent: str) -> migrations.RunSQL:
    return _protect(table, own_part_condition(table, key, parent))


def place(table: str) -> migrations.RunSQL:
    return _protect(table, place_condition(table))


def when(table: str, condition: str) -> migrations.RunSQL:
    """Seen under a condition of its own."""
    return _protect(table, condition)


def history(table: str, condition: str) -> migrations.RunSQL:
    """A history table is written by triggers whatever the scope, and read as its record is."""
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY written ON {table} FOR INSERT WITH CHECK (true)",
            f"CREATE POLICY scope ON {table} FOR SELECT USING ({SCOPE_ALL} OR {condition})",
        ],
        [
            f"DROP POLICY scope ON {table}",
            f"DROP POLICY written ON {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def record_history(table: str, key: str = "student_id") -> migrations.RunSQL:
    return history(table, record_condition(table, key))


def person_history(table: str, key: str = "pgh_obj_id") -> migrations.RunSQL:
    return history(table, person_condition(table, key))


def today_history(table: str, key: str = "student_id") -> migrations.RunSQL:
    return history(table, today_condition(table, key))


def part_history(table: str, key: str, parent: str) -> migrations.RunSQL:
    return history(table, part_condition(table, key, parent))


def _protect(table: str, condition: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY scope ON {table} USING ({SCOPE_ALL} OR {condition})",
        ],
        [f"DROP POLICY scope ON {table}", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"],
    )
