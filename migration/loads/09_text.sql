-- The joined text; a number shaped like a Social Security number is masked, a byte without a character marked.
INSERT INTO ieps_sectiontext (iep_id, section, field, text, version, saved_at, load_run_id)
SELECT i.id, l.section, l.field, staging.kept_text(l.text), 1, i.original_modified_at, c.run_id
FROM staging.text_load l
CROSS JOIN staging.cutover c
JOIN ieps_iep i ON i.source = 'LEGACY_SER' AND i.legacy_key = l.iep_key AND {iep_as_loaded}
WHERE l.chunk = %(chunk)s
ON CONFLICT (iep_id, section, field) {update_what_changed}
