"""Triggers that mark a child whose records at the state are out of date: the SQL that migrations run.

The names of tables and columns come from the migrations.
"""
# ruff: noqa: S608

from django.db import migrations

# A state without an enabled connection costs nothing; enabling one marks every child with an evaluation.
INTO_DIRTY = """
    INSERT INTO edfi_dirtystudent (connection_id, student_id, mark, marked_at)
    SELECT k.id, c.student_id, nextval('edfi_mark'), now()
    FROM ({changed}) c
    {state}
    WHERE k.enabled
    ORDER BY k.id, c.student_id
    ON CONFLICT (connection_id, student_id)
    DO UPDATE SET mark = excluded.mark, marked_at = excluded.marked_at;
"""
BY_STUDENT = (
    "JOIN students_student s ON s.id = c.student_id JOIN edfi_connection k ON k.state_id = s.state_id"
)
BY_ROW = "JOIN edfi_connection k ON k.state_id = c.state_id"


def watch(table: str, key: str, columns: str) -> migrations.RunSQL:
    """Statement-level triggers, so that a bulk load costs one insert, not one for each row."""
    return _triggers(table, _into(table, key, columns))


def watch_more(table: str, key: str, columns: str, before: str) -> migrations.RunSQL:
    """A table that is watched already, now for these columns instead of those `before`."""
    forward, backward = (
        _function(table, "UPDATE", _into(table, key, some)["UPDATE"]) for some in (columns, before)
    )
    return migrations.RunSQL(forward, backward)


def _into(table: str, key: str, columns: str) -> dict[str, str]:
    """By operation, the statement that marks the children of the changed rows."""
    by_row = table == "students_student"
    extra = ", {0}.state_id" if by_row else ""
    new, old = (
        f"SELECT {row}.{key} AS student_id{extra.format(row)} FROM {row}" for row in ("new_rows", "old_rows")
    )
    differ = " IS DISTINCT FROM ".join(
        "ROW(" + ", ".join(f"{row}.{column}" for column in columns.split()) + ")" for row in ("n", "o")
    )
    pairs = f"FROM new_rows n JOIN old_rows o USING (id) WHERE {differ}"
    both = (
        f"SELECT n.{key} AS student_id{extra.format('n')} {pairs}"
        f" UNION SELECT o.{key}{extra.format('o')} {pairs}"
    )
    state = BY_ROW if by_row else BY_STUDENT
    changed = "SELECT DISTINCT * FROM ({rows}) r WHERE student_id IS NOT NULL"
    return {
        operation: INTO_DIRTY.format(changed=changed.format(rows=rows), state=state)
        for operation, rows in (("INSERT", new), ("DELETE", old), ("UPDATE", both))
    }


def watch_place(table: str, columns: str, at: str) -> migrations.RunSQL:
    """A changed school, calendar or year concerns every child enrolled there."""
    differ = " OR ".join(f"n.{column} IS DISTINCT FROM o.{column}" for column in columns.split())
    changed = (
        f"SELECT DISTINCT e.student_id FROM enrollment_enrollment e JOIN (SELECT n.id FROM new_rows n"
        f" JOIN old_rows o USING (id) WHERE {differ}) c ON {at}"
    )
    return _triggers(table, {"UPDATE": INTO_DIRTY.format(changed=changed, state=BY_STUDENT)})


def _triggers(table: str, into: dict[str, str]) -> migrations.RunSQL:
    rows = {
        "INSERT": "NEW TABLE AS new_rows",
        "DELETE": "OLD TABLE AS old_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    }
    forward, backward = [], []
    for operation, statement in into.items():
        name = _name(table, operation)
        forward.append(
            _function(table, operation, statement)
            + f" CREATE TRIGGER {name} AFTER {operation} ON {table} REFERENCING {rows[operation]}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        )
        backward.append(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")
    return migrations.RunSQL("\n".join(forward), "\n".join(backward))


def _name(table: str, operation: str) -> str:
    return f"edfi_watch_{table}_{operation.lower()}"


def _function(table: str, operation: str, statement: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {_name(table, operation)}() RETURNS trigger LANGUAGE plpgsql"
        " SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN"
        f" IF EXISTS (SELECT 1 FROM edfi_connection WHERE enabled) THEN {statement} END IF;"
        " RETURN NULL; END $$;"
    )
