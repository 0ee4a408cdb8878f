-- A span in dispute or turned around is loaded as it came and marked, until the districts have agreed. So is one that
-- claims days of a span which somebody entered or changed here. What came under a number that was merged here goes on
-- with its child, unless a span of the child has taken it in.
INSERT INTO students_jurisdiction (
    student_id, district_id, site_id, first_day, last_day, local_student_id, contested, source, legacy_key,
    load_run_id, continuity)
SELECT k.id, d.id, p.id, l.begin_date, l.end_date, l.local_student_id,
       CASE WHEN l.mask & {contested} <> 0 THEN true ELSE {claimed_here} END, 'LEGACY_SER', l.legacy_key, c.run_id, l.continuity
FROM staging.jurisdiction_load l
CROSS JOIN staging.cutover c
JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = l.student
CROSS JOIN LATERAL (SELECT CASE WHEN s.merged_into_id IS NULL THEN s.id
                    ELSE public.students_goes_on_as(s.id) END AS id) k
JOIN staging.district d ON d.code = l.sponsor_code
LEFT JOIN organizations_site p ON p.state_id = c.state_id AND p.code = l.site_code
WHERE l.chunk = %(chunk)s AND CASE WHEN s.merged_into_id IS NULL THEN true ELSE {new_to_the_child} END
ON CONFLICT (source, legacy_key) {update_what_changed}
