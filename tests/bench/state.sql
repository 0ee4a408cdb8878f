-- A state of :students children, as owner, past the history triggers. Sizes of districts fall off from 9.8 %.
SET client_min_messages = warning;
SET maintenance_work_mem = '512MB';
SET work_mem = '256MB';
ALTER TABLE students_student DISABLE TRIGGER USER;
ALTER TABLE students_jurisdiction DISABLE TRIGGER USER;
ALTER TABLE enrollment_enrollment DISABLE TRIGGER USER;

-- Keys and indexes are put aside while the tables fill, and built again over all rows at once. An exclusion
-- constraint comes back as its index alone: no generated row overlaps, and checking that is half the work.
CREATE TEMP TABLE filled AS
SELECT unnest('{students_student,students_jurisdiction,students_studentaccess,enrollment_enrollment,
    guardian_userobjectpermission}'::regclass[])::oid AS id;

CREATE TEMP TABLE put_aside AS
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS away,
       CASE WHEN contype = 'x' THEN pg_get_indexdef(conindid)
            ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
       END AS back
FROM pg_constraint WHERE conrelid IN (SELECT id FROM filled) AND contype IN ('f', 'u', 'x')
UNION ALL
SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid IN (SELECT id FROM filled) AND NOT indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid);

DO $$ DECLARE statement text; BEGIN
    FOR statement IN SELECT away FROM put_aside LOOP EXECUTE statement; END LOOP;
END $$;

INSERT INTO organizations_state (code, name, profile, time_zone) VALUES ('BN', 'Bench', 'LA', 'America/Chicago');

INSERT INTO organizations_district (state_id, code, name, kind)
SELECT (SELECT id FROM organizations_state), to_char(n, 'FM000'), 'Parish ' || n, 'REGULAR'
FROM generate_series(1, 70) n;

INSERT INTO organizations_site (state_id, district_id, code, name, kind, excluded_from_state)
SELECT (SELECT id FROM organizations_state),
       CASE WHEN n <= 1500 THEN (SELECT min(id) FROM organizations_district) + n % 70 END,
       to_char(n, 'FM000000'), 'Site ' || n,
       CASE WHEN n <= 1500 THEN 'PUBLIC' WHEN n % 2 = 0 THEN 'NONPUBLIC' ELSE 'EARLY_CHILDHOOD' END, false
FROM generate_series(1, 1900) n;

-- The first district holds 9.8 % of the children, the others share the rest in falling sizes.
CREATE TEMP TABLE share AS
SELECT id, sum(weight) OVER (ORDER BY id) - weight AS low
FROM (SELECT id, CASE WHEN rank = 1 THEN 0.098
                      ELSE 0.902 * (1.0 / (rank + 10)) / (SELECT sum(1.0 / (r + 10)) FROM generate_series(2, 70) r)
                 END AS weight
      FROM (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM organizations_district) ranked) weighed;

CREATE TEMP TABLE spread AS
SELECT n, ids[width_bucket((hashint4(n) + 2147483648) / 4294967296.0, lows)] AS district_id
FROM generate_series(1, :students) n,
     (SELECT array_agg(id ORDER BY id) AS ids, array_agg(low ORDER BY id) AS lows FROM share) shares;
ANALYZE spread;

CREATE FUNCTION pg_temp.syllable(seed integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT (ARRAY['ba','bel','cor','da','der','dou','el','fa','fon','gar','gui','ha','her','is','jo','ka','lan',
        'le','lo','ma','mel','mon','na','nor','o','pa','per','qui','ra','ri','ro','sa','sen','ta','tes','tra',
        'u','va','ver','win','ya','zen'])[1 + abs(hashint4(seed)) % 42] $$;

INSERT INTO students_student (id, state_id, state_student_id, edfi_id, last_name, first_name, middle_name, suffix,
    birth_date, sex, races, grade, home_language, is_active, part_c_history, version, source, original_author,
    created_at, modified_at)
SELECT n, (SELECT id FROM organizations_state), to_char(4000000000 + n::bigint * 3, 'FM0000000000'), (600000 + n)::text,
       initcap(pg_temp.syllable(n % 20011) || pg_temp.syllable(n % 6007 + 50000) || pg_temp.syllable(n % 701 + 90000)),
       initcap(pg_temp.syllable(n % 97 + 7000) || pg_temp.syllable(n % 31 + 8000)), chr(65 + n % 26), '',
       date '2005-01-01' + n % 6000, CASE WHEN n % 2 = 0 THEN 'F' ELSE 'M' END, 'W', '06', 'eng', true, 'NO', 1,
       'ESER', '', now(), now()
FROM spread;
SELECT setval(pg_get_serial_sequence('students_student', 'id'), :students);

INSERT INTO students_jurisdiction (student_id, district_id, site_id, first_day, local_student_id, contested,
    source, continuity)
SELECT n, district_id, (SELECT min(id) FROM organizations_site) + n % 1900, date '2023-08-14',
       'L' || n, false, 'ESER', false
FROM spread;

-- Every twentieth child was under another district before.
INSERT INTO students_jurisdiction (student_id, district_id, site_id, first_day, last_day, local_student_id,
    contested, source, continuity)
SELECT n, earlier, NULL, date '2020-08-14', date '2022-06-01', '', false, 'ESER', false
FROM (SELECT n, district_id, (SELECT min(id) FROM organizations_district) + n % 70 AS earlier FROM spread
      WHERE n % 20 = 0) moved
WHERE earlier <> district_id;

INSERT INTO students_studentaccess (student_id, district_id, site_id, sort_name, is_current, last_day)
SELECT j.student_id, j.district_id, j.site_id, s.sort_name, j.last_day IS NULL, j.last_day
FROM students_jurisdiction j JOIN students_student s ON s.id = j.student_id;

INSERT INTO enrollment_enrollment (student_id, district_id, site_id, grade, stage, entry_code, first_day, exit_code,
    effective_exit_code, last_day, new_school, how_known, attended, no_show, seds_state, state_type, service_type,
    state_exclude, wise_exclude, eval_only, version, source, created_at, modified_at)
-- At schools of the district, in the grade of the child's age, with codes of Louisiana: few findings stand.
SELECT n, district_id, (SELECT min(id) FROM organizations_site) - 1 + (n % 20 + 1) * 70
           + (district_id - (SELECT min(id) FROM organizations_district))::integer,
       CASE WHEN level < 1 THEN '25' ELSE to_char(least(level, 12), 'FM00') END, 5, 'E1',
       make_date(2024 + y, 8, 10), CASE WHEN y < 2 THEN '08' ELSE '' END, '',
       CASE WHEN y < 2 THEN make_date(2025 + y, 5, 20) END, '', '', true, false, 'NOT_ON', 'P', 'P',
       false, false, false, 1, 'ESER', now(), now()
FROM spread, generate_series(0, 2) y,
     LATERAL (SELECT 2024 + y - 6 - extract(year FROM date '2005-01-01' + n % 6000)::integer AS level) grade;

-- The naive way: one row of guardian's generic table for each student that a person may see.
INSERT INTO auth_permission (name, codename, content_type_id)
SELECT 'naive', 'naive_view', id FROM django_content_type WHERE app_label = 'students' AND model = 'student';

INSERT INTO security_user (username, password, first_name, last_name, email, position, is_superuser, is_staff,
    is_active, date_joined)
SELECT name, '', 'Dana', initcap(name), '', '', false, false, true, now()
FROM unnest('{large,small,state}'::text[]) name;

INSERT INTO guardian_userobjectpermission (permission_id, content_type_id, user_id, object_pk)
SELECT p.id, p.content_type_id, u.id, a.student_id::text
FROM auth_permission p, security_user u, students_studentaccess a
WHERE p.codename = 'naive_view' AND CASE u.username
    WHEN 'large' THEN a.district_id = (SELECT min(id) FROM organizations_district) AND a.is_current
    WHEN 'small' THEN a.district_id = (SELECT max(id) FROM organizations_district) AND a.is_current
    ELSE a.is_current END;

DO $$ DECLARE statement text; BEGIN
    FOR statement IN SELECT back FROM put_aside ORDER BY back LIKE '%FOREIGN KEY%' LOOP EXECUTE statement; END LOOP;
END $$;

ALTER TABLE students_student ENABLE TRIGGER USER;
ALTER TABLE students_jurisdiction ENABLE TRIGGER USER;
ALTER TABLE enrollment_enrollment ENABLE TRIGGER USER;
