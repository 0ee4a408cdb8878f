INSERT INTO enrollment_specialeducationactivity (
    student_id, district_id, first_day, last_day, exit_reason, reevaluation_declined_on, source, legacy_key,
    load_run_id, continuity)
SELECT s.id, staging.district_on(s.id, l.entry_date), l.entry_date, l.exit_date, l.exit_reason,
       l.reeval_decline_date, 'LEGACY_SER', l.legacy_key, c.run_id, l.continuity
FROM staging.activity_load l
CROSS JOIN staging.cutover c
JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = l.student
WHERE l.chunk = %(chunk)s
ON CONFLICT (source, legacy_key) {update_what_changed}
