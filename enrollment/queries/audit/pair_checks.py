"""Checks of two enrollments of one child at a time. Only children with an overlap are paired."""

PAIRS = """
crossing AS MATERIALIZED (
    SELECT * FROM e WHERE student_id IN (SELECT student_id FROM e WHERE shares_days)),
pairs AS MATERIALIZED (
    SELECT a.student_id, a.district_id, a.site_id, a.id, a.first_day, a.last_day, a.no_show, a.stage,
        a.state_type, a.service_type, a.eval_only, a.state_id,
        b.district_id AS b_district_id, b.site_id AS b_site_id, b.id AS b_id, b.first_day AS b_first_day,
        b.last_day AS b_last_day, b.no_show AS b_no_show, b.stage AS b_stage, b.state_type AS b_state_type,
        b.service_type AS b_service_type, b.eval_only AS b_eval_only
    FROM crossing a JOIN crossing b ON b.student_id = a.student_id AND b.id <> a.id
        AND a.first_day <= coalesce(b.last_day, 'infinity')
        AND b.first_day <= coalesce(a.last_day, 'infinity')),
count_days AS MATERIALIZED (
    SELECT state_id, make_date(extract(year FROM %(year_first)s::date)::integer + (count_month < 7)::integer,
                               count_month, least(count_day, 28)) + greatest(count_day - 28, 0) AS day
    FROM enrollment_enrollmentsettings WHERE count_month IS NOT NULL AND count_day IS NOT NULL)"""

_OF = (
    "SELECT student_id, district_id, {other} AS other_id, id AS enrollment_id,"
    " {subject} AS subject, {words} AS words"
)
_BOTH = "least(id, b_id) || ' and ' || greatest(id, b_id)"
# The day of exit from one may be the day of entry at the other.
_SHARE_A_DAY = (
    """(first_day < coalesce(b_last_day, 'infinity') AND b_first_day < coalesce(last_day, 'infinity'))"""
)
_CLAIMED = """(stage = 5 AND b_stage = 5 AND NOT no_show AND NOT b_no_show AND state_type = 'P'
    AND b_state_type = 'P' AND service_type = 'P' AND b_service_type = 'P'
    AND NOT eval_only AND NOT b_eval_only
    AND district_id <> b_district_id)"""


def _pair(words: str, where: str, *, other: str = "NULL::bigint", source: str = "pairs") -> str:
    select = _OF.format(other=other, subject=_BOTH, words=f"'{words}'")
    return f"{select} FROM {source} WHERE {where}"  # noqa: S608  our own words


CHECKS = {
    1: _pair("Two enrollments at one school share a day.", "site_id = b_site_id AND id < b_id"),
    2: _pair(
        "Two districts have the child as theirs on the same days.",
        f"{_CLAIMED} AND {_SHARE_A_DAY}",
        other="b_district_id",
    ),
    3: _pair(
        "Another district has the child on every day of this enrollment, which would be voided.",
        f"{_CLAIMED} AND last_day IS NOT NULL AND last_day > first_day AND first_day >= b_first_day"
        " AND last_day <= coalesce(b_last_day, 'infinity')"
        " AND (first_day, last_day) IS DISTINCT FROM (b_first_day, b_last_day)",
        other="b_district_id",
    ),
    27: _pair(
        "An enrollment for services only stands beside a primary one of the same district.",
        f"district_id = b_district_id AND service_type = 'N' AND b_service_type = 'P' AND NOT no_show"
        f" AND NOT b_no_show AND stage = 5 AND b_stage = 5 AND {_SHARE_A_DAY}",
    ),
    28: _pair(
        "Two districts claim the child on the count day.",
        f"{_CLAIMED} AND day <= %(today)s AND first_day <= day AND b_first_day <= day"
        " AND coalesce(last_day, 'infinity') > day AND coalesce(b_last_day, 'infinity') > day",
        other="b_district_id",
        source="pairs JOIN count_days USING (state_id)",
    ),
}
