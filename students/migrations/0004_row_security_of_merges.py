"""Earlier numbers and merges are seen by whoever answers for the child today.

What stays under the earlier number for good (journal, record of access) is read as the child's that goes on.
"""

from django.db import migrations

from security import row_security

# Whatever the scope: they tell ids only. Merged records are in nobody's reach.
NUMBERS = """
CREATE FUNCTION students_goes_on_as(child bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE onward (id, next) AS (
        SELECT s.id, s.merged_into_id FROM students_student s WHERE s.id = child
        UNION
        SELECT s.id, s.merged_into_id FROM onward JOIN students_student s ON s.id = onward.next
    )
    SELECT id FROM onward WHERE next IS NULL
$$;

CREATE FUNCTION students_records_of(child bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE earlier (id) AS (
        SELECT child
        UNION
        SELECT s.id FROM earlier JOIN students_student s ON s.merged_into_id = earlier.id
    )
    SELECT array_agg(id) FROM earlier
$$
"""
FORGET_NUMBERS = "DROP FUNCTION students_goes_on_as(bigint), students_records_of(bigint)"


def goes_on(table: str, key: str, seen: str = "a.is_current") -> str:
    return (
        f"EXISTS (SELECT 1 FROM {row_security.ACCESS} a"
        f" WHERE a.student_id = students_goes_on_as({table}.{key}) AND ({seen}))"
    )


def told_of(table: str, condition: str, seen: str = "a.is_current") -> migrations.RunSQL:
    before = f"{row_security.SCOPE_ALL} OR student_id IS NULL OR {condition}"
    return migrations.RunSQL(
        f"ALTER POLICY scope ON {table} USING ({before} OR {goes_on(table, 'student_id', seen)})",
        f"ALTER POLICY scope ON {table} USING ({before})",
    )


class Migration(migrations.Migration):
    dependencies = [("students", "0003_tables_below")]

    operations = [
        migrations.RunSQL(NUMBERS, FORGET_NUMBERS),
        row_security.today("students_studentidentifier"),
        row_security.when("students_studentmerge", goes_on("students_studentmerge", "kept_id")),
        told_of("security_accessrecord", row_security.person_condition("security_accessrecord", "student_id")),
        told_of(
            "journal_entry",
            row_security.record_condition("journal_entry"),
            "a.is_current OR a.district_id = journal_entry.district_id",
        ),
    ]
