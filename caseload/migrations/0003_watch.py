"""Which rows make a child's deadlines out of date: exactly the columns that they are counted from."""

from django.db import migrations

OF_THE_CHILD = {
    "evaluations_evaluation": (
        "student_id",
        "student_id district_id kind coordinator_id referral_date consent_requested_on consent_date"
        " consent_revoked_on extended_to extension_code determination_date dissemination_date outcome"
        " delay_reason locked",
        "",
    ),
    "ieps_iep": ("student_id", "student_id district_id status kind author_id meeting_date first_day", ""),
    "enrollment_enrollment": (
        "student_id",
        "student_id district_id site_id last_day documentation_due documentation_accepted_at",
        "{row}.documentation_due IS NOT NULL",
    ),
    "enrollment_specialeducationactivity": ("student_id", "student_id first_day last_day", ""),
    "ieps_service": ("student_id", "student_id first_day", ""),
    "notices_notice": (
        "student_id",
        "student_id district_id kind evaluation_id elements event_on replaces_id issued_on written_by_id",
        "",
    ),
    "notices_recordsrequest": ("student_id", "student_id district_id asked_on meeting_on answered_on way", ""),
    "notices_servicesconsent": ("student_id", "student_id given answered_on", ""),
    "students_student": (
        "id",
        "birth_date part_c_history part_c_continued_on merged_into_id state_id",
        "EXISTS (SELECT 1 FROM caseload_deadline d WHERE d.student_id = {row}.id)",
    ),
    "students_studentaccess": (
        "student_id",
        "district_id site_id is_current",
        "EXISTS (SELECT 1 FROM caseload_deadline d WHERE d.student_id = {row}.student_id)",
    ),
}
# A changed calendar moves the days of everybody whose deadlines are counted in its district.
OF_THE_DISTRICT = {
    "organizations_calendar": (
        "district_id site_id first_school_day last_school_day summer_school school_year_id",
        "SELECT {row}.district_id FROM {rows} {row}",
    ),
    "organizations_closedday": (
        "calendar_id day",
        "SELECT c.district_id FROM {rows} {row} JOIN organizations_calendar c ON c.id = {row}.calendar_id",
    ),
}

MARK = """
CREATE SEQUENCE caseload_mark;

CREATE FUNCTION caseload_mark_dirty(students bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO caseload_dirtystudent (student_id, mark, marked_at)
    SELECT s, nextval('caseload_mark'), now()
    FROM (SELECT DISTINCT unnest(students) s ORDER BY s) c
    WHERE s IS NOT NULL
    ON CONFLICT (student_id) DO UPDATE SET mark = excluded.mark, marked_at = excluded.marked_at
$$;
"""
ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
}


def watch(table: str, key: str, columns: str, condition: str) -> migrations.RunSQL:
    """Statement-level triggers, so that a bulk load costs one insert, not one for each row."""
    differ = _differ(columns)
    each = {
        "INSERT": [("n", "new_rows n", "true")],
        "DELETE": [("o", "old_rows o", "true")],
        "UPDATE": [(row, "new_rows n JOIN old_rows o USING (id)", differ) for row in ("n", "o")],
    }
    return _triggers(table, {
        operation: " UNION ".join(
            f"SELECT {row}.{key} FROM {rows} WHERE {when}" + (f" AND {condition.format(row=row)}" if condition else "")
            for row, rows, when in parts
        )
        for operation, parts in each.items()
    })


def watch_what_is_added(table: str, parent: str, key: str) -> migrations.RunSQL:
    """Of the child of the record to which it is added; it is never changed."""
    record = f"JOIN {parent} x ON x.id ="
    return _triggers(table, {
        "INSERT": f"SELECT x.student_id FROM new_rows n {record} n.{key}",
        "DELETE": f"SELECT x.student_id FROM old_rows o {record} o.{key}",
    })


def watch_calendar(table: str, columns: str, districts: str) -> migrations.RunSQL:
    def of(row: str, rows: str) -> str:
        return districts.format(row=row, rows=rows)

    both = "new_rows n JOIN old_rows o USING (id)"
    of_the = {
        "INSERT": of("n", "new_rows"),
        "DELETE": of("o", "old_rows"),
        "UPDATE": f"SELECT district_id FROM ({of('n', 'new_rows')} UNION {of('o', 'old_rows')}) u"
                  f" WHERE EXISTS (SELECT 1 FROM {both} WHERE {_differ(columns)})",
    }
    return _triggers(table, {
        operation: f"SELECT d.student_id FROM caseload_deadline d WHERE d.district_id IN ({found})"
        for operation, found in of_the.items()
    })


def _differ(columns: str) -> str:
    return " IS DISTINCT FROM ".join(
        "ROW(" + ", ".join(f"{row}.{column}" for column in columns.split()) + ")" for row in ("n", "o")
    )


def _triggers(table: str, students: dict[str, str]) -> migrations.RunSQL:
    forward, backward = [], []
    for operation, found in students.items():
        name = f"caseload_watch_{table}_{operation.lower()}"
        forward.append(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
            f" SET search_path = public, pg_temp AS $$ BEGIN"
            f" PERFORM caseload_mark_dirty(ARRAY({found}));"
            f" RETURN NULL; END $$;"
            f" CREATE TRIGGER {name} AFTER {operation} ON {table} REFERENCING {ROWS[operation]}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        )
        backward.append(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")
    return migrations.RunSQL("\n".join(forward), "\n".join(backward))


class Migration(migrations.Migration):
    dependencies = [
        ("caseload", "0002_row_security"),
        ("enrollment", "0002_row_security"),
        ("evaluations", "0002_row_security"),
        ("ieps", "0002_row_security"),
        ("notices", "0002_row_security"),
        ("organizations", "0001_start"),
    ]

    operations = [
        migrations.RunSQL(MARK, "DROP FUNCTION caseload_mark_dirty(bigint[]); DROP SEQUENCE caseload_mark"),
        *(watch(table, *parts) for table, parts in OF_THE_CHILD.items()),
        watch_what_is_added("notices_delivery", "notices_notice", "notice_id"),
        watch_what_is_added("evaluations_reportcopy", "evaluations_evaluation", "evaluation_id"),
        *(watch_calendar(table, columns, districts) for table, (columns, districts) in OF_THE_DISTRICT.items()),
    ]
