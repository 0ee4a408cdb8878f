"""Which rows make a child's records at the state out of date: exactly the columns that the facts are read from."""

from django.db import migrations

from edfi.watching import watch, watch_place
from security import row_security

WATCHED = {
    "students_student": ("id", "edfi_id state_id"),
    "enrollment_enrollment": (
        "student_id",
        "student_id district_id site_id responsible_site_id school_year_id calendar_id first_day last_day"
        " no_show state_type service_type state_exclude wise_exclude eval_only school_override_id",
    ),
    "evaluations_evaluation": (
        "student_id",
        "student_id district_id kind consent_date determination_date outcome delay_reason late_reason"
        " locked locked_at",
    ),
    "ieps_iep": ("student_id", "student_id status meeting_date odr_date"),
}
PLACES = {
    "organizations_site": ("edfi_id excluded_from_state", "e.site_id = c.id OR e.school_override_id = c.id"
                           " OR e.responsible_site_id = c.id"),
    "organizations_calendar": ("state_exclude summer_school", "e.calendar_id = c.id"),
    "organizations_schoolyear": ("last_day", "e.school_year_id = c.id"),
}

MARK = """
CREATE SEQUENCE edfi_mark;

CREATE FUNCTION edfi_mark_dirty(connections bigint[], students bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO edfi_dirtystudent (connection_id, student_id, mark, marked_at)
    SELECT k, s, nextval('edfi_mark'), now()
    FROM unnest(connections) k, (SELECT DISTINCT unnest(students) s) c
    ORDER BY k, s
    ON CONFLICT (connection_id, student_id) DO UPDATE SET mark = excluded.mark, marked_at = excluded.marked_at
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("edfi", "0001_start"),
        ("students", "0002_access"),
        ("enrollment", "0002_row_security"),
        ("evaluations", "0002_row_security"),
        ("ieps", "0002_row_security"),
        ("organizations", "0001_start"),
    ]

    operations = [
        migrations.RunSQL(MARK, "DROP FUNCTION edfi_mark_dirty(bigint[], bigint[]); DROP SEQUENCE edfi_mark"),
        *(watch(table, key, columns) for table, (key, columns) in WATCHED.items()),
        *(watch_place(table, columns, at) for table, (columns, at) in PLACES.items()),
        row_security.record("edfi_identity"),
        row_security.record("edfi_trouble"),
    ]
