-- The rows to load, each with its chunk of students, and the district that answers for each student now.
CREATE UNLOGGED TABLE staging.responsible AS
SELECT DISTINCT ON (j.ser_student_key) j.ser_student_key AS student, d.id AS district_id, j.sponsor_code,
       j.key || CASE WHEN j.copy > 1 THEN '#' || j.copy ELSE '' END AS span, f.fate = 'migrated' AS loaded
FROM staging.jurisdiction j
LEFT JOIN staging.jurisdiction_fate f USING (line)
LEFT JOIN staging.district d ON d.code = j.sponsor_code
ORDER BY j.ser_student_key, (f.root IS NULL) DESC, (j.end_date IS NULL) DESC, j.begin_date DESC, j.line DESC;

CREATE UNLOGGED TABLE staging.chunk AS
SELECT student, (row_number() OVER (ORDER BY student) - 1) / {students_per_chunk} + 1 AS chunk
FROM (SELECT student FROM staging.student_fate WHERE fate = 'migrated'
      UNION SELECT student FROM staging.iep_fate WHERE fate = 'migrated') s;
ANALYZE staging.responsible;
ANALYZE staging.chunk;

CREATE UNLOGGED TABLE staging.text_load AS
SELECT t.*, c.chunk
FROM staging.text_field t
JOIN staging.iep_fate f ON f.key = t.iep_key AND f.fate = 'migrated'
JOIN staging.chunk c ON c.student = f.student
ORDER BY c.chunk;
CREATE INDEX ON staging.text_load (chunk);
ANALYZE staging.text_load;
