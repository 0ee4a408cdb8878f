-- A retired code is read as the code that replaced it before the age is looked at; one that nobody knows waits
-- for a reading.
SELECT x.line,
       m.code IS NOT NULL OR o.code IS NULL AND x.exceptionality <> ''    AS "DQ-034",
       coalesce(m.code, x.exceptionality) = 'DD'
           AND extract(year FROM age(e.complete_date, s.birth_date)) NOT BETWEEN 3 AND 8 AS "DQ-035"
FROM staging.exceptionality x
LEFT JOIN staging.legacy_code m ON m.code_set = 'exceptionality' AND m.legacy_code = x.exceptionality
LEFT JOIN staging.our_exceptionality o ON o.code = x.exceptionality
LEFT JOIN staging.evaluation e ON e.eval_key = x.eval_key AND e.copy = 1
LEFT JOIN staging.child s ON s.ser_student_key = e.ser_student_key
