-- Which dated rows stay, and which students are wholly past (rollover decisions 1, 4 and 5; RLO-08 to RLO-12).

CREATE UNLOGGED TABLE staging.dated AS
SELECT '03' AS record_type, j.line, j.owner AS student, r.end_date AS day, r.end_date IS NULL AS open,
       r.begin_date AS begun, false AS latest
FROM staging.jurisdiction_judged j JOIN staging.jurisdiction r USING (line) WHERE j.root IS NULL
UNION ALL
SELECT '04', j.line, j.owner, coalesce(r.dissemination_date, r.consent_date), false, NULL,
       row_number() OVER (PARTITION BY j.owner
                          ORDER BY coalesce(r.dissemination_date, r.consent_date) DESC NULLS LAST, j.line DESC) = 1
FROM staging.evaluation_judged j JOIN staging.evaluation r USING (line) WHERE j.root IS NULL
UNION ALL
SELECT '06', j.line, j.owner, r.exit_date, r.exit_date IS NULL, r.entry_date, false
FROM staging.activity_judged j JOIN staging.activity r USING (line) WHERE j.root IS NULL
UNION ALL
SELECT '07', j.line, j.owner, r.end_date, r.end_date IS NULL, r.start_date, false
FROM staging.service_judged j JOIN staging.service r USING (line) WHERE j.root IS NULL
UNION ALL
SELECT '08', j.line, j.owner,
       CASE r.status WHEN 'DRF' THEN r.modified_ts::date ELSE coalesce(r.meeting_date, r.modified_ts::date) END,
       false, NULL, false
FROM staging.iep_judged j JOIN staging.iep r USING (line) WHERE j.root IS NULL
UNION ALL
SELECT '12', j.line, j.owner, r.upload_date, false, NULL, false
FROM staging.attachment_judged j JOIN staging.attachment r USING (line) WHERE j.root IS NULL;
ANALYZE staging.dated;

-- A row is old when its day is before the cut; it stays when it is open, or the latest evaluation of a student
-- with an open jurisdiction (RLO-11). A row without any day stays.
CREATE UNLOGGED TABLE staging.dated_fate AS
SELECT d.line, d.student,
       d.open OR d.day IS NULL OR d.day >= c.cut OR (d.latest AND o.student IS NOT NULL) AS stays,
       coalesce(d.open AND d.begun < c.cut, false)
           OR coalesce(d.latest AND o.student IS NOT NULL AND d.day < c.cut, false)      AS continuity
FROM staging.dated d
CROSS JOIN staging.cutover c
LEFT JOIN (SELECT DISTINCT student FROM staging.dated WHERE record_type = '03' AND open) o ON o.student = d.student;
ANALYZE staging.dated_fate;

-- The whole student goes to the archive when every dated row is old (RLO-12).
CREATE UNLOGGED TABLE staging.past_student AS
SELECT student FROM staging.dated_fate GROUP BY student HAVING NOT bool_or(stays);
ANALYZE staging.past_student;
