-- A service is a line of its table; the form has no place for its own days and its time frame: they are kept beside
-- it, and the IEP's time frame reaches from the first to the last of them.
INSERT INTO ieps_line (iep_id, section, "table", place, added_at, legacy_key, load_run_id)
SELECT i.id, 'PRG', 'services',
       row_number() OVER (PARTITION BY i.id ORDER BY l.time_frame, l.start_date, l.service, l.copy),
       i.created_at, l.legacy_key, c.run_id
FROM staging.iep_service_load l
CROSS JOIN staging.cutover c
JOIN ieps_iep i ON i.source = 'LEGACY_SER' AND i.legacy_key = l.owner AND {iep_as_loaded}
WHERE l.chunk = %(chunk)s
ON CONFLICT (section, legacy_key) WHERE legacy_key IS NOT NULL {update_what_changed};

INSERT INTO ieps_sectiontext (iep_id, section, field, line_id, text, version, saved_at, load_run_id)
SELECT p.iep_id, p.section, p.id || '.' || t.field, p.id, t.text, 1, i.modified_at, c.run_id
FROM staging.iep_service_load l
CROSS JOIN staging.cutover c
JOIN ieps_line p ON p.section = 'PRG' AND p.legacy_key = l.legacy_key
JOIN ieps_iep i ON i.id = p.iep_id AND {iep_as_loaded}
LEFT JOIN staging.legacy_code m ON m.code_set = 'service_location' AND m.legacy_code = l.location
CROSS JOIN LATERAL (VALUES
    ('service', l.service), ('minutes', coalesce(staging.whole_number(l.min_per_session)::text, l.min_per_session)),
    ('sessions', coalesce(staging.whole_number(l.sessions)::text, l.sessions)), ('per', l.per),
    ('location', coalesce(m.code, l.location)), ('first_day', l.start_date::text),
    ('last_day', l.end_date::text), ('legacy_time_frame', l.time_frame)) t (field, text)
WHERE l.chunk = %(chunk)s
  AND (t.text <> '' OR EXISTS (SELECT FROM ieps_sectiontext x WHERE x.line_id = p.id AND x.field = p.id || '.' || t.field))
ON CONFLICT (iep_id, section, field) {update_what_changed};

INSERT INTO ieps_sectiontext (iep_id, section, field, text, version, saved_at, load_run_id)
SELECT i.id, 'PRG', t.field, t.text, 1, i.modified_at, c.run_id
FROM (SELECT owner, min(start_date) AS first_day, max(end_date) AS last_day
      FROM staging.iep_service_load WHERE chunk = %(chunk)s GROUP BY owner) l
CROSS JOIN staging.cutover c
JOIN ieps_iep i ON i.source = 'LEGACY_SER' AND i.legacy_key = l.owner AND {iep_as_loaded}
CROSS JOIN LATERAL (VALUES
    ('time_frame_first', l.first_day::text), ('time_frame_last', l.last_day::text)) t (field, text)
ON CONFLICT (iep_id, section, field) {update_what_changed}
