"""Which plans are in force, in the words of the database: asked by the enrollment audit."""

IN_FORCE = """SELECT student_id, district_id FROM ieps_iep
    WHERE student_id {children} AND status IN ('OFFICIAL', 'OFFICIAL_INCOMPLETE', 'DELREQ')
        AND (replaced_from IS NULL OR replaced_from > %(today)s)
        AND (last_day IS NULL OR last_day >= %(today)s)"""
