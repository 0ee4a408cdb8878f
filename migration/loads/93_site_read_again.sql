-- The place of a jurisdiction whose legacy site code is read as another one now; the key names the code that it came with.
UPDATE students_jurisdiction j SET site_id = p.id
FROM staging.jurisdiction_load l
CROSS JOIN staging.cutover c
JOIN organizations_site p ON p.state_id = c.state_id AND p.code = l.site_code
WHERE l.chunk = %(chunk)s AND j.source = 'LEGACY_SER' AND j.legacy_key = l.legacy_key
  AND l.site_code <> split_part(l.key, '|', 3)
  AND j.site_id IS NOT DISTINCT FROM
      (SELECT o.id FROM organizations_site o WHERE o.state_id = c.state_id AND o.code = split_part(l.key, '|', 3))
  AND j.site_id IS DISTINCT FROM p.id
