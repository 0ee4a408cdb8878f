"""Which rows make a child's records at the state out of date: exactly the columns that the facts are read from."""

from django.db import migrations

from security import row_security

WATCHED = {
    "students_student": ("id", "edfi_id state_id"),
    "enrollment_enrollment": (
        "student_id",
        "student_id district_id site_id responsible_site_id school_year_id calendar_id first_day last_day"
        " no_show state_type service_type state_exclude wise_exclude eval_only school_override_id",
    ),
    "evaluations_evaluation": (
        "student_id",
        "student_id district_id kind consent_date determination_date outcome delay_reason late_reason"
        " locked locked_at",
    ),
    "ieps_iep": ("student_id", "student_id status meeting_date odr_date"),
}
PLACES = {
    "organizations_site": ("edfi_id excluded_from_state", "e.site_id = c.id OR e.school_override_id = c.id"
                           " OR e.responsible_site_id = c.id"),
    "organizations_calendar": ("state_exclude summer_school", "e.calendar_id = c.id"),
    "organizations_schoolyear": ("last_day", "e.school_year_id = c.id"),
}

MARK = """
CREATE SEQUENCE edfi_mark;

CREATE FUNCTION edfi_mark_dirty(connections bigint[], students bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO edfi_dirtystudent (connection_id, student_id, mark, marked_at)
    SELECT k, s, nextval('edfi_mark'), now()
    FROM unnest(connections) k, (SELECT DISTINCT unnest(students) s) c
    ORDER BY k, s
    ON CONFLICT (connection_id, student_id) DO UPDATE SET mark = excluded.mark, marked_at = excluded.marked_at
$$;
"""

# A state without an enabled connection costs nothing; enabling one marks every child with an evaluation.
INTO_DIRTY = """
    INSERT INTO edfi_dirtystudent (connection_id, student_id, mark, marked_at)
    SELECT k.id, c.student_id, nextval('edfi_mark'), now()
    FROM ({changed}) c
    {state}
    WHERE k.enabled
    ORDER BY k.id, c.student_id
    ON CONFLICT (connection_id, student_id) DO UPDATE SET mark = excluded.mark, marked_at = excluded.marked_at;
"""
BY_STUDENT = "JOIN students_student s ON s.id = c.student_id JOIN edfi_connection k ON k.state_id = s.state_id"
BY_ROW = "JOIN edfi_connection k ON k.state_id = c.state_id"


def watch(table: str, key: str, columns: str) -> migrations.RunSQL:
    """Statement-level triggers, so that a bulk load costs one insert, not one for each row."""
    by_row = table == "students_student"
    extra = ", {0}.state_id" if by_row else ""
    new, old = (f"SELECT {row}.{key} AS student_id{extra.format(row)} FROM {row}" for row in ("new_rows", "old_rows"))
    differ = " IS DISTINCT FROM ".join(
        "ROW(" + ", ".join(f"{row}.{column}" for column in columns.split()) + ")" for row in ("n", "o")
    )
    both = (
        f"SELECT n.{key} AS student_id{extra.format('n')} FROM new_rows n JOIN old_rows o USING (id) WHERE {differ}"
        f" UNION SELECT o.{key}{extra.format('o')} FROM new_rows n JOIN old_rows o USING (id) WHERE {differ}"
    )
    state = BY_ROW if by_row else BY_STUDENT
    into = {op: INTO_DIRTY.format(changed=f"SELECT DISTINCT * FROM ({rows}) r WHERE student_id IS NOT NULL", state=state)
            for op, rows in (("INSERT", new), ("DELETE", old), ("UPDATE", both))}
    return _triggers(table, into)


def watch_place(table: str, columns: str, at: str) -> migrations.RunSQL:
    """A changed school, calendar or year concerns every child enrolled there."""
    differ = " OR ".join(f"n.{column} IS DISTINCT FROM o.{column}" for column in columns.split())
    changed = (
        f"SELECT DISTINCT e.student_id FROM enrollment_enrollment e JOIN (SELECT n.id FROM new_rows n"
        f" JOIN old_rows o USING (id) WHERE {differ}) c ON {at}"
    )
    return _triggers(table, {"UPDATE": INTO_DIRTY.format(changed=changed, state=BY_STUDENT)})


def _triggers(table: str, into: dict[str, str]) -> migrations.RunSQL:
    rows = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows",
            "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows"}
    forward, backward = [], []
    for operation, statement in into.items():
        name = f"edfi_watch_{table}_{operation.lower()}"
        forward.append(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
            f" SET search_path = public, pg_temp AS $$ BEGIN"
            f" IF EXISTS (SELECT 1 FROM edfi_connection WHERE enabled) THEN {statement} END IF;"
            f" RETURN NULL; END $$;"
            f" CREATE TRIGGER {name} AFTER {operation} ON {table} REFERENCING {rows[operation]}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        )
        backward.append(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")
    return migrations.RunSQL("\n".join(forward), "\n".join(backward))


class Migration(migrations.Migration):
    dependencies = [
        ("edfi", "0001_start"),
        ("students", "0002_access"),
        ("enrollment", "0002_row_security"),
        ("evaluations", "0002_row_security"),
        ("ieps", "0002_row_security"),
        ("organizations", "0001_start"),
    ]

    operations = [
        migrations.RunSQL(MARK, "DROP FUNCTION edfi_mark_dirty(bigint[], bigint[]); DROP SEQUENCE edfi_mark"),
        *(watch(table, key, columns) for table, (key, columns) in WATCHED.items()),
        *(watch_place(table, columns, at) for table, (columns, at) in PLACES.items()),
        row_security.record("edfi_identity"),
        row_security.record("edfi_trouble"),
    ]
