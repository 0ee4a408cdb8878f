"""The access table knows which rows roll up, and a scope of the time before the cut-over does not reach them."""

from importlib import import_module

from django.db import migrations, models

from security import row_security

before = import_module("students.migrations.0002_access")

RECOMPUTE = f"""
    SELECT f.student_id, f.district_id, f.site_id, f.sort_name, f.is_current, f.last_day,
           coalesce(s.kind <> 'PUBLIC' AND s.district_id IS DISTINCT FROM f.district_id, false)
    FROM ({before.RECOMPUTE}) f (student_id, district_id, site_id, sort_name, is_current, last_day)
    LEFT JOIN organizations_site s ON s.id = f.site_id
"""

UPSERT = f"""
    INSERT INTO students_studentaccess
        (student_id, district_id, site_id, sort_name, is_current, last_day, rolls_up)
    {RECOMPUTE.replace("{which}", before.CHANGED)}
    ON CONFLICT (student_id, district_id) DO UPDATE
    SET site_id = excluded.site_id, sort_name = excluded.sort_name, is_current = excluded.is_current,
        last_day = excluded.last_day, rolls_up = excluded.rolls_up
    WHERE (students_studentaccess.site_id, students_studentaccess.sort_name,
           students_studentaccess.is_current, students_studentaccess.last_day, students_studentaccess.rolls_up)
       IS DISTINCT FROM (excluded.site_id, excluded.sort_name, excluded.is_current, excluded.last_day,
                         excluded.rolls_up);
"""

FOLLOWS = f"""
CREATE OR REPLACE FUNCTION students_access_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM students_studentaccess a USING {before.CHANGED}
        WHERE a.student_id = c.student_id AND NOT EXISTS (
            SELECT 1 FROM students_jurisdiction j
            WHERE j.student_id = a.student_id AND j.district_id = a.district_id);
    END IF;
    {UPSERT}
    RETURN NULL;
END $$;
"""

# A site that becomes another kind, or another district's, takes its children's rows along.
SITES = """
CREATE FUNCTION students_access_of_sites() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE students_studentaccess a
    SET rolls_up = c.kind <> 'PUBLIC' AND c.district_id IS DISTINCT FROM a.district_id
    FROM changed c WHERE a.site_id = c.id
        AND a.rolls_up <> (c.kind <> 'PUBLIC' AND c.district_id IS DISTINCT FROM a.district_id);
    RETURN NULL;
END $$;

CREATE TRIGGER access_of_sites AFTER UPDATE ON organizations_site
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION students_access_of_sites();
"""

# No row-level security while the rows are filled: migrations run as the owner of the table.
FILL = """
UPDATE students_studentaccess a SET rolls_up = true
FROM organizations_site s
WHERE s.id = a.site_id AND s.kind <> 'PUBLIC' AND s.district_id IS DISTINCT FROM a.district_id;
"""

FIND_SIMILAR = before.FIND_SIMILAR.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    "DECLARE", "DECLARE\n    rolled_up boolean := coalesce(current_setting('eser.rolled_up', true), '') = 'yes';"
).replace(
    "(a.district_id = ANY (districts) OR",
    "((a.district_id = ANY (districts) AND (rolled_up OR NOT a.rolls_up)) OR",
)


AGAIN = ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
UNDO = (
    "DROP TRIGGER access_of_sites ON organizations_site; DROP FUNCTION students_access_of_sites();"
    + before.FOLLOW.split("CREATE TRIGGER")[0].replace(*AGAIN)
)


def policy(condition: str) -> str:
    return f"ALTER POLICY scope ON students_studentaccess USING ({row_security.SCOPE_ALL} OR {condition})"


class Migration(migrations.Migration):
    dependencies = [
        ("students", "0003_tables_below"),
        ("organizations", "0001_start"),
    ]

    operations = [
        migrations.AddField("studentaccess", "rolls_up", models.BooleanField(db_default=False)),
        migrations.RunSQL(FILL + FOLLOWS + SITES, UNDO),
        migrations.RunSQL(FIND_SIMILAR, before.FIND_SIMILAR.replace(*AGAIN)),
        migrations.RunSQL(
            policy(row_security.IN_REACH.replace("a.", "students_studentaccess.")), policy(before.IN_REACH)
        ),
    ]
