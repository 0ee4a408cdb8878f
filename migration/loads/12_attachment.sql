-- The file is a document of the child; a line whose file cannot be loaded stays, and says why (DQ-080).
INSERT INTO documents_document (
    name, content_type, size, sha256, file, student_id, district_id, kind, stored_at)
SELECT l.file_name, l.content_type, l.size, lower(l.sha256), l.stored_name, k.id,
       staging.district_on(k.id, l.upload_date), 'legacy_attachment', l.upload_date::timestamp AT TIME ZONE c.time_zone
FROM staging.attachment_load l
CROSS JOIN staging.cutover c
JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = l.student
CROSS JOIN LATERAL (SELECT CASE WHEN s.merged_into_id IS NULL THEN s.id
                    ELSE public.students_goes_on_as(s.id) END AS id) k
WHERE l.chunk = %(chunk)s AND l.problem IS NULL
  AND NOT EXISTS (SELECT FROM documents_document d WHERE d.student_id IN (s.id, k.id) AND d.file = l.stored_name);

INSERT INTO ser_rollover_legacyattachment (
    student_id, district_id, document_id, file_name, description, uploaded_on, sha256, problem, legacy_key, load_run_id)
SELECT k.id, staging.district_on(k.id, l.upload_date), d.id, l.file_name, l.description, l.upload_date, l.sha256,
       coalesce(l.problem, ''), l.legacy_key, c.run_id
FROM staging.attachment_load l
CROSS JOIN staging.cutover c
JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = l.student
CROSS JOIN LATERAL (SELECT CASE WHEN s.merged_into_id IS NULL THEN s.id
                    ELSE public.students_goes_on_as(s.id) END AS id) k
LEFT JOIN LATERAL (SELECT d.id FROM documents_document d
                   WHERE l.problem IS NULL AND d.student_id IN (s.id, k.id) AND d.file = l.stored_name
                   ORDER BY d.student_id = s.id DESC, d.id LIMIT 1) d ON true
WHERE l.chunk = %(chunk)s
ON CONFLICT (legacy_key) {update_what_changed}
