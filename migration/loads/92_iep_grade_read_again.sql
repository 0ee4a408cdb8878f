UPDATE ieps_iep i SET grade = l.grade
FROM staging.iep_load l
JOIN staging.legacy_code m ON m.code_set = 'grade' AND m.code = l.grade
WHERE l.chunk = %(chunk)s AND i.source = 'LEGACY_SER' AND i.legacy_key = l.legacy_key
  AND i.grade = m.legacy_code AND i.grade <> l.grade
