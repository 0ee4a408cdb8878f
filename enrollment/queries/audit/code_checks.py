"""Checks of codes: valid, of the right stage, and true to what happened before and after."""

from enrollment.queries.audit.enrollments import day, finding

_DAYS = "(SELECT days FROM rules WHERE number = {})"
_BAD_ENTRY = """(NOT entry_known OR NOT entry_active OR first_day < entry_from OR first_day > entry_until)"""
_BAD_EXIT = """(exit_code <> '' AND
    (NOT exit_known OR NOT exit_active OR last_day < exit_from OR last_day > exit_until))"""
_FOR_GOOD = "exit_category IN ('Credential', 'Exited', 'Discharge', 'Disengagement')"
_UNPAIRED_EXIT = f"""(re_entered AND last_day < %(today)s::date - {_DAYS.format(14)}
    AND (next_entry_code IS NULL OR next_district_id <> district_id
        OR NOT EXISTS (SELECT FROM entry_list c WHERE c.profile = e.profile
            AND c.code = next_entry_code AND c.after_exit = exit_code)
        OR next_first_day > last_day + {_DAYS.format(14)}))"""
_UNPAIRED_ENTRY = (
    """(after_exit <> '' AND (previous_exit_code IS NULL OR previous_exit_code <> after_exit))"""
)

CHECKS = {
    8: finding(
        f"CASE WHEN {_BAD_ENTRY} THEN 'Entry code ' || entry_code || ' is not valid on '"
        f" || {day('first_day')} ELSE 'Exit code ' || exit_code || ' is not valid on '"
        f" || {day('last_day')} END || '.'",
        f"{_BAD_ENTRY} OR {_BAD_EXIT}",
    ),
    11: finding(
        "'Exit code ' || exit_code || CASE WHEN exit_stage = 4"
        " THEN ' is for children who never came, and this one attended.'"
        " ELSE ' is for children who attended, and this one was registered only.' END",
        "exit_stage IS NOT NULL AND exit_stage <> stage",
    ),
    12: finding(
        f"'Left with ' || exit_code || ' on ' || {day('last_day')} || ' and entered nowhere since.'",
        f"arrives AND next_id IS NULL AND last_day < %(today)s::date - {_DAYS.format(12)}",
    ),
    13: finding(
        f"'Left with ' || exit_code || ' on ' || {day('last_day')} || ', and entered again on '"
        f" || {day('next_first_day')} || '.'",
        f"{_FOR_GOOD} AND NOT re_entered AND next_first_day > last_day"
        f" AND next_first_day <= last_day + {_DAYS.format(13)}",
        other="nullif(next_district_id, district_id)",
    ),
    14: finding(
        f"CASE WHEN {_UNPAIRED_ENTRY} THEN entry_code || ' stands without ' || after_exit || ' before it.'"
        f" ELSE exit_code || ' on ' || {day('last_day')} || ' has no entry behind it.' END",
        f"{_UNPAIRED_EXIT} OR {_UNPAIRED_ENTRY}",
    ),
    15: finding(
        f"'A diploma was given on ' || {day('last_day')} || ', and an enrollment begins on '"
        f" || {day('next_first_day')} || '.'",
        "diploma AND next_first_day > last_day AND next_service_type <> 'N'",
        other="nullif(next_district_id, district_id)",
    ),
    20: finding(
        "'Exit code ' || exit_code || ' is for grades 7 to 12, and the grade is ' || grade || '.'",
        "dropout AND grade <> '' AND (level IS NULL AND grade NOT IN ('EA', '35') OR level < 7)",
    ),
}
