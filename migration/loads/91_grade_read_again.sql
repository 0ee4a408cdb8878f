-- A grade that was loaded before its legacy code was read as one of ours. What somebody has changed since stays.
UPDATE students_student s SET grade = l.grade
FROM staging.student_load l
JOIN staging.legacy_code m ON m.code_set = 'grade' AND m.code = l.grade
WHERE l.chunk = %(chunk)s AND s.source = 'LEGACY_SER' AND s.legacy_key = l.legacy_key
  AND s.grade = m.legacy_code AND s.grade <> l.grade
