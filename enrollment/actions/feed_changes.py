"""What a load changes, remembered row by row.

Every row of these tables that belongs to a child of the feed is compared before and after, so that what the
verbs did along (responsibility, duties, seats, requests, findings) is known too.
"""

# ruff: noqa: S608  the SQL is built from our own table names

import json
import uuid
from collections.abc import Collection

from django.db import connection

from enrollment.models import Duty, Enrollment, FeedLoad, Finding, SeatHold, SupportRequest
from enrollment.models import SpecialEducationActivity as Activity
from security.models import User
from students.models import Jurisdiction, Student

WITH_HISTORY = (Enrollment, Activity, Jurisdiction, Student)
WITHOUT_HISTORY = (Finding, SupportRequest, Duty, SeatHold)
# In the order in which rows that a load made are deleted again.
TABLES = {model._meta.db_table: model for model in (*WITHOUT_HISTORY, *WITH_HISTORY)}


def write_as_feed(load: FeedLoad, by: User) -> None:
    """From here on the history of this transaction says that the feed wrote, and who had it loaded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true),"
            " set_config('pghistory.context_metadata', %s, true)",
            [str(uuid.uuid4()), json.dumps({"user": by.pk, "feed": load.pk})],
        )


def remember(children: Collection[int]) -> None:
    """Keeps the rows of these known children as they stand, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.feed_before")
        cursor.execute(
            f"CREATE TEMP TABLE feed_before ON COMMIT DROP AS {_rows('= ANY (%(children)s)')}",
            {"children": list(children)},
        )


def change_known() -> None:
    """Grade and days of attendance of enrollments that stand here otherwise: all in two statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrollment_enrollment e SET version = e.version + 1, modified_at = now(),"
            " grade = CASE WHEN e.last_day IS NULL THEN j.grade ELSE e.grade END,"
            " first_attended = coalesce(j.first_attended_day, e.first_attended),"
            " last_attended = coalesce(j.last_attended_day, e.last_attended)"
            " FROM pg_temp.feed_judged j WHERE e.id = j.enrollment"
            " AND (j.does = 'changed' OR j.does = 'attends' AND e.grade <> j.grade)"
        )
        cursor.execute(
            "UPDATE students_student s SET version = s.version + 1, modified_at = now(), grade = j.grade"
            " FROM pg_temp.feed_judged j WHERE s.id = j.student AND j.does IN ('changed', 'attends')"
            " AND j.known_last_day IS NULL AND s.grade <> j.grade"
        )


def keep_changes(load: FeedLoad, children: Collection[int]) -> None:
    """Writes down every row of these children that is not as `remember` found it.

    How it stands then is kept where no history tells afterwards whether somebody has changed it since.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO enrollment_feedchange"
            ' (load_id, district_id, student_id, "table", row_id, before, after)'
            ' SELECT %(load)s, %(district)s, a.student, a."table", a.id, b.was,'
            ' CASE WHEN a."table" = ANY (%(told_by_nothing_else)s) THEN a.was END'
            f' FROM ({_rows("= ANY (%(children)s)")}) a LEFT JOIN pg_temp.feed_before b USING ("table", id)'
            " WHERE b.was IS DISTINCT FROM a.was",
            {
                "load": load.pk,
                "district": load.district_id,
                "children": list(children),
                "told_by_nothing_else": [model._meta.db_table for model in WITHOUT_HISTORY],
            },
        )


def _rows(children: str) -> str:
    """Each table's rows of some children: table, id, child, and the row itself."""
    return " UNION ALL ".join(
        f"SELECT '{table}'::text AS \"table\", t.id, t.{child_of(table)} AS student, to_jsonb(t) AS was"
        f" FROM {table} t WHERE t.{child_of(table)} {children}"
        for table in TABLES
    )


def child_of(table: str) -> str:
    return "id" if TABLES[table] is Student else "student_id"
