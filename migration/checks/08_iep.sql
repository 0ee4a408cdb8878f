WITH ranked AS (
    SELECT i.*,
           i.status = 'OFF'                                               AS official,
           i.status = 'DRF'                                               AS draft,
           row_number() OVER (PARTITION BY i.ser_student_key, i.status
                              ORDER BY i.meeting_date DESC NULLS LAST, i.line DESC) = 1 AS latest,
           count(*) OVER (PARTITION BY i.ser_student_key, i.status)       AS of_status,
           count(*) OVER (PARTITION BY i.ser_student_key, i.status, i.meeting_date) AS of_meeting
    FROM staging.iep i
), minutes AS (
    SELECT i.line, i.reg_class_min_wk::int AS regular, i.total_min_wk::int AS total
    FROM staging.iep i
    WHERE i.reg_class_min_wk ~ '^\d+$' AND i.total_min_wk ~ '^\d+$'
)
SELECT i.line,
       i.status NOT IN ('DRF', 'OFF', 'DEL')                              AS "DQ-002",
       i.modified_ts > f.freeze                                           AS "DQ-003",
       i.official AND (i.meeting_date IS NULL OR i.lre_code = ''
           OR coalesce(i.parent_sign_date, i.odr_date) IS NULL
           OR NOT EXISTS (SELECT FROM staging.goal g WHERE g.iep_key = i.iep_key)
           OR NOT EXISTS (SELECT FROM staging.iep_service v WHERE v.iep_key = i.iep_key)) AS "DQ-060",
       i.odd_date OR i.meeting_date > f.freeze::date
           OR i.meeting_date < s.birth_date + interval '2 years 9 months' AS "DQ-061",
       CASE WHEN extract(year FROM age(i.meeting_date, s.birth_date)) BETWEEN 3 AND 5 AND g.before_kindergarten
            THEN NOT e.early_childhood ELSE NOT e.school_age END          AS "DQ-062",
       m.regular > m.total OR m.total > 0
           AND 100.0 * m.regular / m.total NOT BETWEEN e.lowest_share - 1 AND e.highest_share + 1 AS "DQ-063",
       i.official AND i.meeting_date IS NOT NULL AND i.of_meeting > 1     AS "DQ-064",
       i.official AND i.latest AND s.active = 'Y'
           AND i.meeting_date < f.freeze::date - interval '1 year'        AS "DQ-065",
       i.draft AND (s.ser_student_key IS NULL OR v.eval_key IS NULL)      AS "DQ-066",
       i.draft AND i.of_status > 1                                        AS "DQ-067"
FROM ranked i
CROSS JOIN staging.cutover f
LEFT JOIN minutes m ON m.line = i.line
LEFT JOIN staging.child s ON s.ser_student_key = i.ser_student_key
LEFT JOIN staging.grade g ON g.code = i.grade
LEFT JOIN staging.environment e ON e.code = i.lre_code
LEFT JOIN staging.evaluation v ON v.eval_key = i.eval_key AND v.copy = 1
