-- A text is checked as a whole: its lines joined in order. A finding stands at its first line.
WITH owner AS (
    SELECT t.line, t.text, s.ser_student_key, initcap(s.first_name) AS first_name
    FROM staging.text_field t
    LEFT JOIN staging.iep i ON i.iep_key = t.iep_key AND i.copy = 1
    LEFT JOIN staging.child s ON s.ser_student_key = i.ser_student_key
), word AS (
    SELECT o.line, w[1] AS word, count(*) AS times
    FROM owner o, regexp_matches(o.text, '\m[[:upper:]][[:alpha:]''-]+', 'g') w
    GROUP BY o.line, w[1]
    HAVING count(*) > 2
), cloned AS (
    SELECT DISTINCT o.line
    FROM word w
    JOIN (SELECT DISTINCT initcap(first_name) AS first_name FROM staging.student) n ON n.first_name = w.word
    JOIN owner o ON o.line = w.line
    WHERE o.first_name IS NOT NULL AND strpos(o.text, o.first_name) = 0
), foreign_lasid AS (
    SELECT DISTINCT o.line
    FROM (SELECT o.*, (regexp_matches(o.text, '(?<!\d)\d{10}(?!\d)', 'g'))[1] AS lasid FROM owner o) o
    JOIN staging.student s ON s.lasid = o.lasid AND s.ser_student_key IS DISTINCT FROM o.ser_student_key
)
SELECT t.line,
       t.gaps OR t.text ~ '[\u0081\u008d\u008f\u0090\u009d]'              AS "DQ-070",
       t.text ~ '(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)' OR l.line IS NOT NULL    AS "DQ-071",
       c.line IS NOT NULL                                                 AS "DQ-072"
FROM staging.text_field t
LEFT JOIN cloned c ON c.line = t.line
LEFT JOIN foreign_lasid l ON l.line = t.line
