"""What the planner knows of the tables that a load fills: counted anew by the load itself.

The application owns no table and may not count them. A load of a whole state begins with empty ones: without
numbers the planner reads every child that is there already for each part, and a load of a million takes days.
"""

from django.db import migrations

FILLED = (
    "students_student, students_contact, students_jurisdiction, students_studentaccess, evaluations_evaluation,"
    " evaluations_exceptionality, enrollment_specialeducationactivity, ieps_service, ieps_iep, ieps_sectiontext,"
    " ieps_line, documents_document, ser_rollover_legacyattachment, ser_rollover_legacyuser,"
    " ser_rollover_archivedrecord, ser_rollover_archivedstudent, ser_rollover_finding, ser_rollover_rejectedrow"
)
COUNT = f"""
CREATE FUNCTION ser_rollover_count_anew() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE {FILLED};
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ser_rollover", "0007_faults"),
        ("documents", "0001_start"),
        ("enrollment", "0001_start"),
        ("evaluations", "0001_start"),
        ("ieps", "0001_start"),
        ("students", "0002_access"),
    ]

    operations = [migrations.RunSQL(COUNT, "DROP FUNCTION ser_rollover_count_anew()")]
