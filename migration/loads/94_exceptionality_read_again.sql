-- The original code is kept beside its reading (DQ-034).
UPDATE evaluations_exceptionality x SET code = m.code
FROM staging.exceptionality_load l
JOIN evaluations_evaluation e ON e.source = 'LEGACY_SER' AND e.legacy_key = l.owner
JOIN staging.legacy_code m ON m.code_set = 'exceptionality' AND m.legacy_code = l.exceptionality
WHERE l.chunk = %(chunk)s AND x.evaluation_id = e.id AND x.rank = l.place
  AND x.original_code = l.exceptionality AND x.code <> m.code
