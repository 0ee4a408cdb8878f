-- A retired code is read as its successor; the original is kept (DQ-034).
UPDATE evaluations_exceptionality x
SET code = coalesce(m.code, l.exceptionality), original_code = l.exceptionality, detail = l.severity_or_area,
    load_run_id = c.run_id
FROM staging.exceptionality_load l
CROSS JOIN staging.cutover c
JOIN evaluations_evaluation e ON e.source = 'LEGACY_SER' AND e.legacy_key = l.owner
LEFT JOIN staging.legacy_code m ON m.code_set = 'exceptionality' AND m.legacy_code = l.exceptionality
WHERE l.chunk = %(chunk)s AND x.evaluation_id = e.id AND x.rank = l.place
  AND (x.code, x.original_code, x.detail)
      IS DISTINCT FROM (coalesce(m.code, l.exceptionality), l.exceptionality, l.severity_or_area)
  AND {evaluation_as_loaded} AND NOT ({exceptionality_written});

INSERT INTO evaluations_exceptionality (evaluation_id, rank, code, original_code, detail, load_run_id)
SELECT e.id, l.place, coalesce(m.code, l.exceptionality), l.exceptionality, l.severity_or_area, c.run_id
FROM staging.exceptionality_load l
CROSS JOIN staging.cutover c
JOIN evaluations_evaluation e ON e.source = 'LEGACY_SER' AND e.legacy_key = l.owner
LEFT JOIN staging.legacy_code m ON m.code_set = 'exceptionality' AND m.legacy_code = l.exceptionality
WHERE l.chunk = %(chunk)s
  AND NOT EXISTS (SELECT FROM evaluations_exceptionality x WHERE x.evaluation_id = e.id AND x.rank = l.place)
  AND {evaluation_as_loaded}
