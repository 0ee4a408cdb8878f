-- A staff ID that is not known is not kept: it may be a Social Security number (DQ-052).
INSERT INTO ieps_service (
    student_id, district_id, code, recipient, first_day, last_day, termination, provider_staff_id, provider_since,
    source, legacy_key, load_run_id, continuity, per, location)
SELECT k.id, staging.district_on(k.id, l.start_date), l.service, l.recipient, l.start_date, l.end_date,
       l.termination, CASE WHEN l.mask & {unknown_provider} = 0 THEN l.provider_staff_id ELSE '' END,
       l.provider_start, 'LEGACY_SER', l.legacy_key, c.run_id, l.continuity, '', ''
FROM staging.service_load l
CROSS JOIN staging.cutover c
JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = l.student
CROSS JOIN LATERAL (SELECT CASE WHEN s.merged_into_id IS NULL THEN s.id
                    ELSE public.students_goes_on_as(s.id) END AS id) k
WHERE l.chunk = %(chunk)s
ON CONFLICT (source, legacy_key) {update_what_changed}
