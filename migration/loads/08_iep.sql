-- A draft stays a draft (RLO-07), also one whose student is not known; an official IEP with gaps says so (DQ-060).
-- The legacy system is Louisiana's, and so is the form of its IEPs.
INSERT INTO ieps_iep (
    student_id, district_id, evaluation_id, status, category, kind, meeting_date, odr_date, parent_date, grade,
    home_site_id, other_site_id, lre, regular_minutes, total_minutes, assessment, esy, version, source, legacy_key,
    load_run_id, original_author, original_created_at, original_modified_at, created_at, modified_at,
    form, added_sections, why)
SELECT k.id, staging.district_on(k.id, coalesce(l.meeting_date, l.modified_ts::date)), e.id,
       CASE l.status WHEN 'DRF' THEN 'DRAFT' WHEN 'DEL' THEN 'DELETED'
            ELSE CASE WHEN l.mask & {incomplete} <> 0 THEN 'OFFICIAL_INCOMPLETE' ELSE 'OFFICIAL' END END,
       l.category, l.iep_type, l.meeting_date, l.odr_date, l.parent_sign_date, l.grade, h.id, o.id, l.lre_code,
       staging.whole_number(l.reg_class_min_wk), staging.whole_number(l.total_min_wk), l.assessment, l.esy_eligible,
       1, 'LEGACY_SER', l.legacy_key, c.run_id, l.modified_by, l.created_ts AT TIME ZONE c.time_zone,
       l.modified_ts AT TIME ZONE c.time_zone, l.created_ts AT TIME ZONE c.time_zone,
       l.modified_ts AT TIME ZONE c.time_zone, 'LA', '{{}}', ''
FROM staging.iep_load l
CROSS JOIN staging.cutover c
LEFT JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = l.student
CROSS JOIN LATERAL (SELECT CASE WHEN s.merged_into_id IS NULL THEN s.id
                    ELSE public.students_goes_on_as(s.id) END AS id) k
LEFT JOIN evaluations_evaluation e ON e.source = 'LEGACY_SER' AND e.legacy_key = l.eval_key AND e.student_id = k.id
LEFT JOIN organizations_site h ON h.state_id = c.state_id AND h.code = l.home_site
LEFT JOIN organizations_site o ON o.state_id = c.state_id AND o.code = l.other_site
WHERE l.chunk = %(chunk)s AND (k.id IS NOT NULL OR l.status = 'DRF')
ON CONFLICT (source, legacy_key) {update_what_changed}
