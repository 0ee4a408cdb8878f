-- A spell's services start after the previous exit and by its own exit.
WITH spell AS (
    SELECT a.*,
           lag(a.exit_date) OVER (PARTITION BY a.ser_student_key ORDER BY a.entry_date, a.line) AS previous_exit
    FROM staging.activity a
), served AS (
    SELECT p.line,
           min(v.start_date)                                              AS first_service,
           bool_or(v.end_date IS NULL)                                    AS has_open
    FROM spell p
    JOIN staging.service v ON v.ser_student_key = p.ser_student_key
                          AND (p.previous_exit IS NULL OR v.start_date > p.previous_exit)
                          AND (p.exit_date IS NULL OR v.start_date <= p.exit_date)
    GROUP BY p.line
)
SELECT p.line,
       p.odd_date OR (p.exit_date IS NULL) <> (p.exit_reason = '')        AS "DQ-040",
       p.exit_date IS NOT NULL AND d.has_open                             AS "DQ-041",
       d.first_service <> p.entry_date                                    AS "DQ-042"
FROM spell p
LEFT JOIN served d ON d.line = p.line
