"""Checks of places: the school was open, the district's own, and a nonpublic placement is whole."""

_FROM = "FROM e JOIN organizations_site t ON t.id = e.site_id"
_OF = (
    "SELECT e.student_id, e.district_id, NULL::bigint AS other_id, e.id AS enrollment_id,"
    " e.id::text AS subject"
)
_CLOSED = "(e.first_day < t.first_day OR coalesce(e.last_day, %(today)s) > t.last_day)"
_ANOTHERS = "(t.kind = 'PUBLIC' AND t.district_id <> e.district_id)"

CHECKS = {
    21: f"""{_OF}, CASE WHEN {_ANOTHERS} THEN 'The school belongs to another district.'
            ELSE 'The school was not open on every day of the enrollment.' END AS words
        {_FROM} WHERE {_CLOSED} OR {_ANOTHERS}""",  # noqa: S608  our own words
    22: f"""{_OF}, CASE WHEN t.kind = 'PUBLIC' THEN 'A public school stands with a placement.'
            WHEN t.kind <> 'NONPUBLIC' THEN 'A placement stands at a school that is not nonpublic.'
            ELSE 'The placement has no responsible school.' END AS words
        {_FROM} WHERE e.after_exit <> '' AND (t.kind <> 'NONPUBLIC' OR e.responsible_site_id IS NULL)
            OR e.responsible_site_id IS NOT NULL AND t.kind = 'PUBLIC'""",  # noqa: S608
}
