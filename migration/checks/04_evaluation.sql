-- The latest evaluation of a student is the one with the latest business date, waivers included.
WITH ranked AS (
    SELECT e.*,
           row_number() OVER (PARTITION BY e.ser_student_key
                              ORDER BY coalesce(e.dissemination_date, e.consent_date) DESC NULLS LAST, e.line DESC) = 1
               AS latest
    FROM staging.evaluation e
), primaries AS (
    SELECT x.eval_key, count(*) FILTER (WHERE x.rank = '1') AS firsts, count(*) AS all_ranks
    FROM staging.exceptionality x
    GROUP BY x.eval_key
)
SELECT e.line,
       e.modified_ts > f.freeze                                           AS "DQ-003",
       e.odd_date
           OR e.referral_date > least(e.consent_date, e.complete_date, e.dissemination_date, f.freeze::date)
           OR e.consent_date > least(e.complete_date, e.dissemination_date, f.freeze::date)
           OR e.complete_date > least(e.dissemination_date, f.freeze::date)
           OR e.dissemination_date > f.freeze::date                       AS "DQ-030",
       e.consent_date IS NULL AND e.eval_type <> 'WAIV'                   AS "DQ-031",
       e.extension_code = ''
           AND staging.weekdays(e.consent_date,
                                coalesce(e.dissemination_date, e.complete_date, f.freeze::date)) > 60 AS "DQ-032",
       CASE e.outcome WHEN 'ELIG' THEN coalesce(p.firsts, 0) <> 1
                      WHEN 'NOTE' THEN p.firsts > 0 END                   AS "DQ-033",
       e.latest AND s.active = 'Y'
           AND coalesce(e.dissemination_date, e.consent_date) < f.freeze::date - interval '3 years' AS "DQ-036"
FROM ranked e
CROSS JOIN staging.cutover f
LEFT JOIN primaries p ON p.eval_key = e.eval_key
LEFT JOIN staging.child s ON s.ser_student_key = e.ser_student_key
