-- A second contact with one number gets a number of its own.
INSERT INTO students_contact (
    student_id, seq, relation, last_name, first_name, street, city, region, postal_code, phone, email, is_surrogate,
    load_run_id)
SELECT s.id, l.place, l.relation, l.last_name, l.first_name, l.street, l.city, l.state, l.zip, l.phone, l.email,
       l.surrogate = 'Y', c.run_id
FROM staging.contact_load l
CROSS JOIN staging.cutover c
JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = l.student AND s.merged_into_id IS NULL
WHERE l.chunk = %(chunk)s
ON CONFLICT (student_id, seq) {update_what_changed}
