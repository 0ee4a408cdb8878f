-- One row per student line: every condition is one rule of dq_rules.csv, true where it is broken.
-- A LASID is also taken when a child who is already here has it. Which record keeps a shared one is decided in
-- the merge queue: that one is in staging.stands.
SELECT s.line,
       s.modified_ts > f.freeze                                           AS "DQ-003",
       s.lasid !~ '^[0-9]{10}$' OR s.lasid ~ '^(.)\1+$'                   AS "DQ-010",
       s.lasid ~ '^[0-9]{10}$'
           AND (count(*) OVER (PARTITION BY s.lasid) > 1
                    AND NOT EXISTS (SELECT FROM staging.stands d WHERE d.key = s.key AND d.lasid = s.lasid)
                OR h.legacy_key IS DISTINCT FROM s.ser_student_key AND h.id IS NOT NULL) AS "DQ-011",
       EXISTS (SELECT FROM staging.twin t WHERE t.line = s.line)          AS "DQ-012",
       s.birth_date IS NULL OR s.birth_date > f.freeze::date
           OR f.freeze::date >= s.birth_date + interval '27 years'        AS "DQ-013",
       g.code IS NULL                                                     AS "DQ-014",
       s.active = 'Y' AND extract(year FROM age(f.september_30, s.birth_date))
           NOT BETWEEN g.lowest_age AND g.highest_age                     AS "DQ-015",
       strpos(s.race_flags, 'Y') = 0 AND s.hispanic <> 'Y'                AS "DQ-016",
       n.names ~ '[\u0001-\u001f\u007f-\u009f\u2018\u2019\u201c\u201d\u2400]'
           OR n.names ~ '\m(DO NOT USE|TEST)\M'
           OR upper(s.last_name) ~ '\s(JR|SR|II|III|IV|V)\.?$'            AS "DQ-017"
FROM staging.student s
CROSS JOIN staging.cutover f
CROSS JOIN LATERAL (SELECT upper(concat_ws(' ', s.last_name, s.suffix, s.first_name, s.middle_name))) n (names)
LEFT JOIN students_student h ON h.state_id = f.state_id AND h.state_student_id = s.lasid
LEFT JOIN staging.grade g ON g.code = s.grade
