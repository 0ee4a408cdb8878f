-- The staff who are known are those of the legacy users (record type 13).
WITH covered AS (
    SELECT v.line,
           bool_or(v.start_date BETWEEN j.begin_date AND coalesce(j.end_date, 'infinity')) AS start_covered,
           bool_or(coalesce(v.end_date, f.freeze::date)
                   BETWEEN j.begin_date AND coalesce(j.end_date, 'infinity'))              AS end_covered
    FROM staging.service v
    CROSS JOIN staging.cutover f
    JOIN staging.jurisdiction j ON j.ser_student_key = v.ser_student_key
    GROUP BY v.line
)
SELECT v.line,
       v.odd_date OR v.end_date < v.start_date
           OR (v.end_date IS NOT NULL AND v.termination = '')             AS "DQ-050",
       NOT coalesce(c.start_covered AND c.end_covered, false)             AS "DQ-051",
       u.staff_id IS NULL                                                 AS "DQ-052",
       v.end_date IS NULL
           AND count(*) FILTER (WHERE v.end_date IS NULL)
               OVER (PARTITION BY v.ser_student_key, v.service) > 1       AS "DQ-053"
FROM staging.service v
LEFT JOIN covered c ON c.line = v.line
LEFT JOIN (SELECT DISTINCT staff_id FROM staging.legacy_user WHERE staff_id <> '') u
       ON u.staff_id = v.provider_staff_id
