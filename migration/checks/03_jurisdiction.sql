-- A span without a known district cannot be kept. One that ends before it begins covers no day: it overlaps nothing.
WITH claim AS (
    SELECT j.*,
           coalesce(j.end_date, 'infinity') AS until,
           j.end_date < j.begin_date        AS inverted
    FROM staging.jurisdiction j
)
SELECT c.line,
       d.code IS NULL                                                     AS "DQ-002",
       NOT coalesce(c.inverted, false)
           AND (max(c.until) FILTER (WHERE c.inverted IS NOT TRUE) OVER earlier >= c.begin_date
                OR min(c.begin_date) FILTER (WHERE c.inverted IS NOT TRUE) OVER later <= c.until) AS "DQ-021",
       c.inverted OR c.odd_date                                           AS "DQ-022",
       NOT EXISTS (SELECT FROM staging.place p
                   WHERE p.sponsor_code = c.sponsor_code AND p.site_code = c.site_code
                     AND c.begin_date BETWEEN p.first_day AND p.last_day) AS "DQ-023",
       c.end_date IS NULL
           AND count(*) FILTER (WHERE c.end_date IS NULL) OVER (PARTITION BY c.ser_student_key) > 1 AS "DQ-024"
FROM claim c
LEFT JOIN staging.district d ON d.code = c.sponsor_code
WINDOW earlier AS (PARTITION BY c.ser_student_key ORDER BY c.begin_date, c.line
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
       later AS (PARTITION BY c.ser_student_key ORDER BY c.begin_date, c.line
                 ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
