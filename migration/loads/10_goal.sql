-- A goal is a plan of the instructional section; what the legacy system had of it are the plan's texts.
INSERT INTO ieps_line (iep_id, section, "table", place, added_at, legacy_key, load_run_id)
SELECT i.id, 'INS', '', l.place, i.created_at, l.legacy_key, c.run_id
FROM staging.goal_load l
CROSS JOIN staging.cutover c
JOIN ieps_iep i ON i.source = 'LEGACY_SER' AND i.legacy_key = l.owner AND {iep_as_loaded}
WHERE l.chunk = %(chunk)s
ON CONFLICT (section, legacy_key) WHERE legacy_key IS NOT NULL {update_what_changed};

INSERT INTO ieps_sectiontext (iep_id, section, field, line_id, text, version, saved_at, load_run_id)
SELECT p.iep_id, p.section, p.id || '.' || t.field, p.id, t.text, 1, i.modified_at, c.run_id
FROM staging.goal_load l
CROSS JOIN staging.cutover c
JOIN ieps_line p ON p.section = 'INS' AND p.legacy_key = l.legacy_key
JOIN ieps_iep i ON i.id = p.iep_id AND {iep_as_loaded}
CROSS JOIN LATERAL (VALUES
    ('area', l.area), ('goal', staging.kept_text(rtrim(l.text, ' '))), ('method', l.method),
    ('target_date', coalesce(l.target_date::text, ''))) t (field, text)
WHERE l.chunk = %(chunk)s
  AND (t.text <> '' OR EXISTS (SELECT FROM ieps_sectiontext x WHERE x.line_id = p.id AND x.field = p.id || '.' || t.field))
ON CONFLICT (iep_id, section, field) {update_what_changed}
