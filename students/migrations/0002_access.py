"""Who may see which child: the access table kept by triggers, and row-level security over it.

The table also knows which rows roll up: children at a nonpublic or early childhood site are within a district's
reach only in a scope that is rolled up (ROL-01).
"""

from django.db import migrations

from security import row_security

CHANGED = "(SELECT DISTINCT student_id FROM changed) c"

RECOMPUTE = f"""
    SELECT f.student_id, f.district_id, f.site_id, f.sort_name, f.is_current, f.last_day,
           coalesce(s.kind <> 'PUBLIC' AND s.district_id IS DISTINCT FROM f.district_id, false)
    FROM (
    SELECT j.student_id, j.district_id,
           (array_agg(j.site_id ORDER BY (j.last_day IS NULL) DESC, j.first_day DESC))[1],
           s.sort_name,
           bool_or(j.last_day IS NULL OR j.last_day >= (now() AT TIME ZONE st.time_zone)::date),
           CASE WHEN bool_or(j.last_day IS NULL) THEN NULL ELSE max(j.last_day) END
    FROM {CHANGED}
    JOIN students_jurisdiction j ON j.student_id = c.student_id
    JOIN students_student s ON s.id = j.student_id
    JOIN organizations_state st ON st.id = s.state_id
    GROUP BY j.student_id, j.district_id, s.sort_name
) f (student_id, district_id, site_id, sort_name, is_current, last_day)
    LEFT JOIN organizations_site s ON s.id = f.site_id
"""

UPSERT = f"""
    INSERT INTO students_studentaccess
        (student_id, district_id, site_id, sort_name, is_current, last_day, rolls_up)
    {RECOMPUTE}
    ON CONFLICT (student_id, district_id) DO UPDATE
    SET site_id = excluded.site_id, sort_name = excluded.sort_name, is_current = excluded.is_current,
        last_day = excluded.last_day, rolls_up = excluded.rolls_up
    WHERE (students_studentaccess.site_id, students_studentaccess.sort_name,
           students_studentaccess.is_current, students_studentaccess.last_day, students_studentaccess.rolls_up)
       IS DISTINCT FROM (excluded.site_id, excluded.sort_name, excluded.is_current, excluded.last_day,
                         excluded.rolls_up);
"""

FOLLOW = f"""
CREATE FUNCTION students_access_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM students_studentaccess a USING {CHANGED}
        WHERE a.student_id = c.student_id AND NOT EXISTS (
            SELECT 1 FROM students_jurisdiction j
            WHERE j.student_id = a.student_id AND j.district_id = a.district_id);
    END IF;
    {UPSERT}
    RETURN NULL;
END $$;

CREATE TRIGGER access_follows_insert AFTER INSERT ON students_jurisdiction
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION students_access_follows();
CREATE TRIGGER access_follows_update AFTER UPDATE ON students_jurisdiction
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION students_access_follows();
CREATE TRIGGER access_follows_delete AFTER DELETE ON students_jurisdiction
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION students_access_follows();

CREATE FUNCTION students_access_renames() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE students_studentaccess a SET sort_name = c.sort_name
    FROM changed c WHERE a.student_id = c.id AND a.sort_name <> c.sort_name;
    RETURN NULL;
END $$;

CREATE TRIGGER access_renames AFTER UPDATE ON students_student
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION students_access_renames();

CREATE FUNCTION students_access_today() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moved bigint;
BEGIN
    UPDATE students_studentaccess a SET is_current = false
    FROM students_student s JOIN organizations_state st ON st.id = s.state_id
    WHERE s.id = a.student_id AND a.is_current AND a.last_day < (now() AT TIME ZONE st.time_zone)::date;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END $$;

-- A site that becomes another kind, or another district's, takes its children's rows along.
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

UNFOLLOW = """
DROP TRIGGER access_of_sites ON organizations_site;
DROP TRIGGER access_renames ON students_student;
DROP TRIGGER access_follows_insert ON students_jurisdiction;
DROP TRIGGER access_follows_update ON students_jurisdiction;
DROP TRIGGER access_follows_delete ON students_jurisdiction;
DROP FUNCTION students_access_follows(), students_access_renames(), students_access_today(),
    students_access_of_sites();
"""

# Trigram operators are not leakproof: under row-level security they would scan. This function looks past it,
# keeps to the scope of the transaction itself, and gives back ids only.
FIND_SIMILAR = f"""
CREATE FUNCTION students_find_similar(words text, most integer)
RETURNS TABLE (student_id bigint, likeness real)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET pg_trgm.word_similarity_threshold = 0.45 AS $$
DECLARE
    rolled_up boolean := coalesce(current_setting('eser.rolled_up', true), '') = 'yes';
    folded text := eser_fold(words);
    districts bigint[] := coalesce(nullif(current_setting('eser.district_ids', true), ''), '{{}}');
    sites bigint[] := coalesce(nullif(current_setting('eser.site_ids', true), ''), '{{}}');
BEGIN
    IF coalesce(current_setting('eser.scope', true), '') = 'all' THEN
        RETURN QUERY SELECT s.id, word_similarity(folded, s.sort_name)
            FROM students_student s WHERE folded <% s.sort_name ORDER BY 2 DESC, s.sort_name LIMIT most;
    ELSE
        RETURN QUERY SELECT s.id, word_similarity(folded, s.sort_name)
            FROM students_student s
            WHERE folded <% s.sort_name AND EXISTS (
                SELECT 1 FROM students_studentaccess a WHERE a.student_id = s.id
                AND ((a.district_id = ANY (districts) AND (rolled_up OR NOT a.rolls_up)) OR (a.is_current AND a.site_id = ANY (sites))))
            ORDER BY 2 DESC, s.sort_name LIMIT most;
    END IF;
END $$
"""

SEEN_IN_SCOPE = f"""
ALTER TABLE students_studentaccess ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON students_studentaccess FOR SELECT USING (
    {row_security.SCOPE_ALL} OR {row_security.IN_REACH.replace("a.", "students_studentaccess.")}
)
"""


class Migration(migrations.Migration):
    dependencies = [("students", "0001_start")]

    operations = [
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(FIND_SIMILAR, "DROP FUNCTION students_find_similar(text, integer)"),
        migrations.RunSQL(
            SEEN_IN_SCOPE,
            "DROP POLICY scope ON students_studentaccess;"
            " ALTER TABLE students_studentaccess DISABLE ROW LEVEL SECURITY",
        ),
        row_security.person("students_student"),
        row_security.person_history("students_studentevent"),
        row_security.today("students_contact"),
        row_security.today_history("students_contactevent"),
        row_security.record("students_jurisdiction"),
        row_security.record_history("students_jurisdictionevent"),
    ]
