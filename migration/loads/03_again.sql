-- Only for a later extract: a span that it lacks stays, and is marked as in dispute; one whose days it changed is let
-- go first, so that two spans that change together never claim one day on the way. What somebody changed here stays
-- as it is.
SELECT set_config('pghistory.context_id', '00000000-0000-0000-0000-000000000000', true),
       set_config('pghistory.context_metadata', '{"rollover": true}', true);

WITH otherwise AS MATERIALIZED (
    SELECT x.*
    FROM students_jurisdiction x, students_student s
    WHERE s.id = x.student_id AND s.source = 'LEGACY_SER' AND x.source = 'LEGACY_SER' AND NOT x.contested
      AND s.legacy_key IN (SELECT legacy_key FROM staging.student_load WHERE chunk = %(chunk)s)
      AND NOT EXISTS (SELECT FROM staging.jurisdiction_load l
                      WHERE l.chunk = %(chunk)s AND l.legacy_key = x.legacy_key
                        AND l.begin_date = x.first_day AND l.end_date IS NOT DISTINCT FROM x.last_day))
UPDATE students_jurisdiction j
SET contested = true
FROM otherwise x
WHERE j.id = x.id AND NOT ({jurisdiction_written});

SELECT set_config('pghistory.context_id', '', true), set_config('pghistory.context_metadata', '', true)
