"""What a load changed: remembered row by row, and taken back as a whole.

Every row of these tables that belongs to a child of the feed is compared before and after, so that what the
verbs did along (responsibility, duties, seats) is taken back too.
"""

# ruff: noqa: S608  the SQL is built from our own table names

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from enrollment.access import check_may_feed
from enrollment.models import Duty, Enrollment, FeedChange, FeedLoad, FeedState, SeatHold
from enrollment.models import SpecialEducationActivity as Activity
from jobs.actions import enqueue, open_job
from journal.actions import record
from security import scope
from security.models import User
from security.refusals import Stale
from students.models import Jurisdiction, Student

# In the order in which rows that a load made are deleted again.
TABLES = {
    model._meta.db_table: model for model in (Duty, SeatHold, Enrollment, Activity, Jurisdiction, Student)
}
WITH_HISTORY = (Enrollment, Activity, Jurisdiction, Student)
NOT_RESTORED = ("id", "version", "modified_at")


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
            " FROM pg_temp.feed_judged j WHERE e.id = j.enrollment AND j.does = 'changed'"
        )
        cursor.execute(
            "UPDATE students_student s SET version = s.version + 1, modified_at = now(), grade = j.grade"
            " FROM pg_temp.feed_judged j WHERE s.id = j.student AND j.does = 'changed'"
            " AND j.known_last_day IS NULL AND s.grade <> j.grade"
        )


def keep_changes(load: FeedLoad) -> None:
    """Writes down every row that is not as `remember` found it."""
    children = (
        "IN (SELECT s.id FROM pg_temp.feed_judged j JOIN students_student s ON s.state_id = %(state)s"
        " AND s.state_student_id = j.state_student_id WHERE j.does IN ('new', 'exit', 'changed'))"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO enrollment_feedchange (load_id, district_id, student_id, "table", row_id, before)'
            ' SELECT %(load)s, %(district)s, a.student, a."table", a.id, b.was'
            f' FROM ({_rows(children)}) a LEFT JOIN pg_temp.feed_before b USING ("table", id)'
            " WHERE b.was IS DISTINCT FROM a.was",
            {"load": load.pk, "district": load.district_id, "state": load.district.state_id},
        )


@transaction.atomic
def start_undoing(*, by: User, load: FeedLoad) -> FeedLoad:
    """Have a load taken back. Raises NotAllowed, Stale."""
    check_may_feed(by, load.district)
    load = FeedLoad.objects.select_for_update(of=("self",)).select_related("district").get(pk=load.pk)
    if load.state != FeedState.LOADED:
        raise Stale(f"This feed is {load.get_state_display()}: there is nothing to take back.")
    job = open_job("FEED", f"Take back a feed of {load.district}", owner_id=by.pk, feed=load.pk)
    load.job_id, load.undone_by_id = job.pk, by.pk
    load.save()
    enqueue(job, "enrollment.tasks.undo_feed")
    return load


def undo_feed(load: FeedLoad, tell: Callable[..., None] = lambda **_: None) -> FeedLoad:
    """Every child as before, but for those about whom somebody has recorded something since."""
    with scope.system():
        load = FeedLoad.objects.select_for_update(of=("self",)).select_related("district").get(pk=load.pk)
        if load.state != FeedState.LOADED:
            return load
        by = User.objects.filter(pk=load.undone_by_id).first()
        changes = defaultdict(list)
        for change in load.changes.all():
            changes[change.student_id].append(change)
        later = _changed_since(load, changes)
        tell(total=len(changes))
        kept = [child for child, rows in changes.items() if child in later or not _take_back(rows)]
        _say_what_is_kept(load, kept)
        load.state, load.undone_at = FeedState.UNDONE, timezone.now()
        load.counts = {**load.counts, "taken_back": len(changes) - len(kept), "kept": len(kept)}
        load.why = _why_kept(len(kept))
        load.save()
        words = f"feed {load.pk} is taken back: {len(changes) - len(kept)} children, {len(kept)} kept"
        record("FEED", words, by=by, district_id=load.district_id, feed=load.pk)
    return load


def _why_kept(kept: int) -> str:
    if not kept:
        return ""
    return (
        f"{kept:,} of the children are left as they are: somebody has recorded something about them since."
        " They are listed below."
    )


def _rows(children: str) -> str:
    """Each table's rows of some children: table, id, child, and the row itself."""
    return " UNION ALL ".join(
        f"SELECT '{table}'::text AS \"table\", t.id, t.{_child(table)} AS student, to_jsonb(t) AS was"
        f" FROM {table} t WHERE t.{_child(table)} {children}"
        for table in TABLES
    )


def _child(table: str) -> str:
    return "id" if TABLES[table] is Student else "student_id"


def _changed_since(load: FeedLoad, children: Iterable[int]) -> set[int]:
    """The children of whom a row was written by anybody else after this load wrote it."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for model in WITH_HISTORY:
            table, event = model._meta.db_table, f"{model._meta.db_table}event"
            child = "pgh_obj_id" if model is Student else "student_id"
            cursor.execute(
                f"SELECT DISTINCT e.{child} FROM {event} e JOIN ("
                f" SELECT w.pgh_obj_id AS id, max(w.pgh_id) AS last FROM enrollment_feedchange c"
                f" JOIN {event} w ON w.pgh_obj_id = c.row_id AND w.pgh_context ->> 'feed' = %s"
                ' WHERE c.load_id = %s AND c."table" = %s GROUP BY w.pgh_obj_id) ours'
                " ON e.pgh_obj_id = ours.id AND e.pgh_id > ours.last",
                [str(load.pk), load.pk, table],
            )
            found |= {pk for (pk,) in cursor.fetchall()}
    return found & set(children)


def _take_back(rows: list[FeedChange]) -> bool:
    """One child as before; False when something recorded since stands on a row that would go."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in TABLES:
                made = [row.row_id for row in rows if row.table == table and row.before is None]
                if made:
                    cursor.execute(f"DELETE FROM {table} WHERE id = ANY (%s)", [made])
            for row in rows:
                if row.before is not None:
                    _restore(cursor, row)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError:
        return False
    return True


def _restore(cursor: CursorWrapper, row: FeedChange) -> None:
    fields = TABLES[row.table]._meta.local_concrete_fields
    names = [f'"{f.column}"' for f in fields if not f.generated and f.column not in NOT_RESTORED]
    version = ", version = t.version + 1" if any(f.column == "version" for f in fields) else ""
    cursor.execute(
        f"UPDATE {row.table} t SET ({', '.join(names)}) = (SELECT {', '.join(names)}"
        f" FROM jsonb_populate_record(NULL::{row.table}, %s::jsonb)){version} WHERE t.id = %s",
        [json.dumps(row.before), row.row_id],
    )


def _say_what_is_kept(load: FeedLoad, children: Collection[int]) -> None:
    """The rows of children who were left as they are say why."""
    sentence = json.dumps(["Not taken back: somebody has recorded something about this child since."])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrollment_feedrow r SET errors = %s::jsonb FROM students_student s"
            " WHERE r.load_id = %s AND s.id = ANY (%s)"
            " AND s.state_student_id = r.fields ->> 'state_student_id'",
            [sentence, load.pk, list(children)],
        )
