-- What came under a number that was merged here belongs to the child that it goes on as, unless it was left with that
-- number because the child has the same from elsewhere.
INSERT INTO enrollment_specialeducationactivity (
    student_id, district_id, first_day, last_day, exit_reason, reevaluation_declined_on, source, legacy_key,
    load_run_id, continuity)
SELECT k.id, staging.district_on(k.id, l.entry_date), l.entry_date, l.exit_date, l.exit_reason,
       l.reeval_decline_date, 'LEGACY_SER', l.legacy_key, c.run_id, l.continuity
FROM staging.activity_load l
CROSS JOIN staging.cutover c
JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = l.student
CROSS JOIN LATERAL (
    SELECT CASE WHEN s.merged_into_id IS NULL THEN s.id
           WHEN EXISTS (SELECT FROM enrollment_specialeducationactivity x
                        WHERE x.source = 'LEGACY_SER' AND x.legacy_key = l.legacy_key AND x.student_id = s.id) THEN s.id
           ELSE public.students_goes_on_as(s.id) END AS id) k
WHERE l.chunk = %(chunk)s
ON CONFLICT (source, legacy_key) {update_what_changed}
