-- Who had access: a list, no permission comes of it (RLO-20). A nine-digit staff ID may be a Social Security number.
INSERT INTO ser_rollover_legacyuser (
    of_state_id, district_id, legacy_key, last_name, first_name, sponsor_code, site_code, role, staff_id, last_login,
    is_active, unlinked, load_run_id)
SELECT c.state_id, d.id, l.legacy_key, l.last_name, l.first_name, l.sponsor_code, l.site_code, l.role,
       CASE WHEN l.staff_id ~ '^[0-9]{9}$' THEN '' ELSE l.staff_id END, l.last_login, l.status = 'A',
       l.mask & {unlinked} <> 0, c.run_id
FROM staging.legacy_user_load l
CROSS JOIN staging.cutover c
LEFT JOIN staging.district d ON d.code = l.sponsor_code
WHERE l.chunk = %(chunk)s
ON CONFLICT (of_state_id, legacy_key) {update_what_changed}
