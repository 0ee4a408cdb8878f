-- Names are normalised (DQ-017); the original stands in the finding. Times of the extract are wall clock.
INSERT INTO students_student (
    state_id, state_student_id, edfi_id, last_name, first_name, middle_name, suffix, birth_date, sex, hispanic,
    races, grade, home_language, is_active, part_c_history, version, source, legacy_key, load_run_id,
    original_author, original_created_at, original_modified_at, created_at, modified_at)
SELECT c.state_id, l.lasid, '', staging.name_of(regexp_replace(l.last_name, '\s+(JR|SR|II|III|IV|V)\.?$', '', 'i')),
       staging.name_of(l.first_name), staging.name_of(l.middle_name),
       coalesce(nullif(l.suffix, ''), upper(substring(l.last_name FROM '(?i)\s(JR|SR|II|III|IV|V)\.?$')), ''),
       l.birth_date, l.sex, CASE l.hispanic WHEN 'Y' THEN true WHEN 'N' THEN false END,
       coalesce((SELECT string_agg(substr('IABPW', n, 1), '' ORDER BY n) FROM generate_series(1, 5) n
                 WHERE substr(l.race_flags, n, 1) = 'Y'), ''),
       l.grade, lower(l.home_language), l.active = 'Y', 'UNKNOWN', 1, 'LEGACY_SER', l.legacy_key, c.run_id,
       l.modified_by, l.created_ts AT TIME ZONE c.time_zone, l.modified_ts AT TIME ZONE c.time_zone,
       l.created_ts AT TIME ZONE c.time_zone, l.modified_ts AT TIME ZONE c.time_zone
FROM staging.student_load l CROSS JOIN staging.cutover c
WHERE l.chunk = %(chunk)s
ON CONFLICT (source, legacy_key) {update_what_changed}
