"""A load is taken back: every child as before, but for those about whom more was recorded since."""

# ruff: noqa: S608  the SQL is built from our own table names

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django.utils import timezone

from enrollment.access import check_may_feed
from enrollment.actions.audit import audit_students
from enrollment.actions.feed_changes import TABLES, WITH_HISTORY, WITHOUT_HISTORY
from enrollment.models import (
    Enrollment,
    FeedChange,
    FeedLoad,
    FeedState,
    Finding,
    SupportAnswer,
    SupportRequest,
)
from jobs.actions import enqueue, open_job
from journal.actions import record
from security import scope
from security.models import User
from security.refusals import Stale
from students.models import Student

NOT_RESTORED = ("id", "version", "modified_at")
ASKED_AGAIN = "The feed that brought the child back was taken back: this is asked again."
FINDINGS, REQUESTS = Finding._meta.db_table, SupportRequest._meta.db_table


@transaction.atomic
def start_undoing(*, by: User, load: FeedLoad) -> FeedLoad:
    """Have a load taken back. Raises NotAllowed, Stale."""
    check_may_feed(by, load.district)
    load = FeedLoad.objects.select_for_update(of=("self",)).select_related("district").get(pk=load.pk)
    if load.state != FeedState.LOADED:
        raise Stale(f"This {load.what} is {load.stands}: there is nothing to take back.")
    job = open_job("FEED", f"Take back a {load.what} of {load.district}", owner_id=by.pk, feed=load.pk)
    load.job_id, load.undone_by_id = job.pk, by.pk
    load.save()
    enqueue(job, "enrollment.tasks.undo_feed")
    return load


def undo_feed(load: FeedLoad, tell: Callable[..., None] = lambda **_: None) -> FeedLoad:
    """Every child as before, but for those about whom somebody has recorded something since.

    Raises NotAllowed when whoever asked for it has lost the role since.
    """
    with scope.system():
        load = FeedLoad.objects.select_for_update(of=("self",)).select_related("district").get(pk=load.pk)
        if load.state != FeedState.LOADED:
            return load
        if by := User.objects.filter(pk=load.undone_by_id).first():
            check_may_feed(by, load.district)
        changes = defaultdict(list)
        for change in load.changes.all():
            changes[change.student_id].append(change)
        later = _changed_since(load, changes)
        tell(total=len(changes))
        kept = [child for child, rows in changes.items() if child in later or not _take_back(rows, by)]
        audit_students(changes.keys() - set(kept))
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


# The audit clears a finding by itself: that is nothing that somebody has recorded.
_CHANGED_WITHOUT_HISTORY = """
SELECT DISTINCT c.student_id FROM enrollment_feedchange c LEFT JOIN {table} t ON t.id = c.row_id
WHERE c.load_id = %s AND c."table" = '{table}'
    AND to_jsonb(t) - 'cleared_at' IS DISTINCT FROM c.after - 'cleared_at'"""


def _changed_since(load: FeedLoad, children: Iterable[int]) -> set[int]:
    """The children of whom a row stands otherwise than this load wrote it: somebody wrote it since."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for model in WITH_HISTORY:
            cursor.execute(_changed_with_history(model), [str(load.pk), load.pk, list(NOT_RESTORED)])
            found |= {pk for (pk,) in cursor.fetchall()}
        for model in WITHOUT_HISTORY:
            cursor.execute(_CHANGED_WITHOUT_HISTORY.format(table=model._meta.db_table), [load.pk])
            found |= {pk for (pk,) in cursor.fetchall()}
    return found & set(children)


def _changed_with_history(model: type[Model]) -> str:
    """The load's last version of each row beside the row, which a later load, taken back, has left so."""
    table = model._meta.db_table
    child = "pgh_obj_id" if model is Student else "student_id"
    return f"""
        SELECT DISTINCT ours.{child} FROM (
            SELECT DISTINCT ON (w.pgh_obj_id) w.* FROM enrollment_feedchange c
            JOIN {table}event w ON w.pgh_obj_id = c.row_id AND w.pgh_context ->> 'feed' = %s
            WHERE c.load_id = %s AND c."table" = '{table}' ORDER BY w.pgh_obj_id, w.pgh_id DESC) ours
        LEFT JOIN {table} t ON t.id = ours.pgh_obj_id
        WHERE to_jsonb(ours) @> (to_jsonb(t) - %s::text[]) IS NOT TRUE"""


def _take_back(rows: list[FeedChange], by: User | None) -> bool:
    """One child as before; False when something recorded since stands on a row that would go."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _delete_made(cursor, rows)
            for row in (row for row in rows if row.before is not None):
                if row.table == FINDINGS:
                    _open_again(cursor, row)
                else:
                    _restore(cursor, row)
                if row.table == REQUESTS:
                    _ask_again(row, by)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError:
        return False
    return True


def _delete_made(cursor: CursorWrapper, rows: list[FeedChange]) -> None:
    made = {
        table: [row.row_id for row in rows if row.table == table and row.before is None] for table in TABLES
    }
    cursor.execute(  # those of later nights too; what a person has explained stays, and so does the child
        f"DELETE FROM {FINDINGS} WHERE explained = ''"
        " AND (enrollment_id = ANY (%s) OR student_id = ANY (%s))",
        [made[Enrollment._meta.db_table], made[Student._meta.db_table]],
    )
    for table, ids in made.items():
        if ids:
            cursor.execute(f"DELETE FROM {table} WHERE id = ANY (%s)", [ids])


def _open_again(cursor: CursorWrapper, row: FeedChange) -> None:
    """A finding that the load cleared, unless a later night has opened it anew."""
    cursor.execute(
        f"UPDATE {FINDINGS} f SET cleared_at = NULL WHERE id = %s AND NOT EXISTS ("
        f" SELECT FROM {FINDINGS} o WHERE o.cleared_at IS NULL AND (o.check_number, o.student_id,"
        " o.district_id, o.subject) = (f.check_number, f.student_id, f.district_id, f.subject))",
        [row.row_id],
    )


def _ask_again(row: FeedChange, by: User | None) -> None:
    """Answers are never deleted: another one says why the request is open again."""
    SupportAnswer.objects.create(
        request_id=row.row_id, by_id=by.pk if by else None, words=ASKED_AGAIN, state=row.before["state"]
    )


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
