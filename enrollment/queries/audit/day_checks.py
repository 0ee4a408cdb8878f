"""Checks of days: entry, exit, attendance, and when it was recorded."""

from enrollment.queries.audit.enrollments import day, finding

_DAYS = "(SELECT days FROM rules WHERE number = {})"
_LATE = f"last_day >= %(year_first)s AND exit_lag > {_DAYS.format(30)}"
_OVERDUE = "documentation_due < %(today)s AND documentation_accepted_at IS NULL"
_LAST_SCHOOL_DAY = """least(%(today)s::date,
    (SELECT c.last_school_day FROM organizations_calendar c WHERE c.id = e.calendar_id))"""
_OUTSIDE = "(first_attended < first_day OR last_attended > last_day)"
_SILENT = f"""(last_day IS NULL AND last_attended >= %(year_first)s
    AND last_attended < {_LAST_SCHOOL_DAY} - {_DAYS.format(29)})"""

CHECKS = {
    4: finding(
        f"'The exit on ' || {day('last_day')} || ' is on the day of entry, and the child never came.'",
        "last_day = first_day AND NOT no_show AND NOT attended AND first_attended IS NULL",
    ),
    5: finding(
        "'A no-show exit stands, and attendance is recorded.'",
        "no_show AND (attended OR first_attended IS NOT NULL OR last_attended IS NOT NULL)",
    ),
    7: finding(
        f"'Entered on ' || {day('first_day')} || ' and still open after the end of that school year.'",
        "last_day IS NULL AND first_day < %(year_first)s",
    ),
    29: finding(
        f"CASE WHEN {_OUTSIDE} THEN 'Attendance is recorded outside the days of the enrollment.'"
        f" ELSE 'No attendance since ' || {day('last_attended')} || ', and the enrollment is open.' END",
        f"NOT no_show AND ({_OUTSIDE} OR {_SILENT})",
    ),
    30: finding(
        f"CASE WHEN {_OVERDUE} THEN 'The documentation of the exit was due on ' || {day('documentation_due')}"
        f" || '.' ELSE 'The exit was recorded ' || exit_lag || ' days after '"
        f" || {day('last_day')} || '.' END",
        f"({_OVERDUE}) OR ({_LATE})",
        subject=f"CASE WHEN {_OVERDUE} THEN 'papers ' ELSE 'lag ' END || id",
    ),
}
