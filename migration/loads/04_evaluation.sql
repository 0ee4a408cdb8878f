-- What came under a number that was merged here belongs to the child that it goes on as.
-- A nine-digit number in the staff field may be a Social Security number and is not kept (DQ-052).
INSERT INTO evaluations_evaluation (
    student_id, district_id, kind, not_enrolled, referral_date, referral_reason, consent_date, coordinator_staff_id,
    extension_code, extended_to, determination_date, dissemination_date, outcome, summary, delay_reason, late_reason,
    locked, lock_version, version, source, legacy_key, load_run_id, continuity, original_modified_at, created_at,
    modified_at)
SELECT k.id, staging.district_on(k.id, coalesce(l.consent_date, l.dissemination_date)), l.eval_type, '', l.referral_date,
       '', l.consent_date,
       CASE WHEN l.coordinator_staff_id ~ '^[0-9]{9}$' THEN '' ELSE l.coordinator_staff_id END, l.extension_code,
       l.extension_to, l.complete_date, l.dissemination_date, l.outcome, '', '', '', l.locked = 'Y',
       CASE l.locked WHEN 'Y' THEN 1 ELSE 0 END, 1, 'LEGACY_SER', l.legacy_key, c.run_id, l.continuity,
       l.modified_ts AT TIME ZONE c.time_zone, l.modified_ts AT TIME ZONE c.time_zone,
       l.modified_ts AT TIME ZONE c.time_zone
FROM staging.evaluation_load l
CROSS JOIN staging.cutover c
JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = l.student
CROSS JOIN LATERAL (SELECT CASE WHEN s.merged_into_id IS NULL THEN s.id
                    ELSE public.students_goes_on_as(s.id) END AS id) k
WHERE l.chunk = %(chunk)s
ON CONFLICT (source, legacy_key) {update_what_changed}
