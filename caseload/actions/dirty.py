"""Whose deadlines are out of date, and counting them: a few at once on a page, the rest in the background.

One counts at a time (an advisory lock), so that nobody writes a day from facts that are older than another's.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from caseload.actions.recompute import recompute
from caseload.models import Deadline, DirtyStudent
from caseload.rules.counted import marks_of_today
from enrollment.models import SpecialEducationActivity
from security import asked_often, scope
from security.scope import Scope
from students.models import StudentAccess
from students.models.student import IN_PLACES, NAMED, named

BATCH = 4000
ON_A_PAGE = 200
LATELY = timedelta(days=7)
LOCK = 0x0ED2
WAIT, TRY = "SELECT pg_advisory_xact_lock(%s)", "SELECT pg_try_advisory_xact_lock(%s)"
FORGET = """
    DELETE FROM caseload_dirtystudent d USING unnest(%s::bigint[], %s::bigint[]) AS done (student_id, mark)
    WHERE d.student_id = done.student_id AND d.mark = done.mark
"""
# As `_within`; asked by every page about many children, so written out.
ANY_WITHIN = f"""
    SELECT EXISTS (SELECT FROM caseload_dirtystudent m WHERE (
        SELECT a.id FROM students_studentaccess a
        WHERE a.student_id = m.student_id AND {IN_PLACES.format(**NAMED)} LIMIT 1) IS NOT NULL)
"""  # noqa: S608  our own words
Mark = tuple[int, int]


def count_marked() -> int:
    """Everybody who is marked, in batches; returns how many children were counted.

    While another counts, nothing is done: the next alarm comes soon.
    """
    done, last = 0, 0
    while marks := _batch(last):
        done, last = done + len(marks), marks[-1][1]
    return done


def count_child(student_id: int) -> None:
    """On a page about one child: nobody sees a day that is out of date."""
    marked = DirtyStudent.objects.filter(student_id=student_id)
    if marked.exists():
        _count_now(marked)


def count_children(mine: Scope) -> int:
    """On a page about many: those marked within the scope; returns how many are left for the background."""
    if mine.is_empty or mine.everything:
        return 0
    if asked_often.rows(ANY_WITHIN, named(mine)) == [(False,)]:
        return 0
    marked = _within(mine)
    _count_now(marked)
    return marked.count()


def mark(student_ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT caseload_mark_dirty(%s::bigint[])", [list(student_ids)])


def mark_outdated() -> int:
    """Children with an open deadline that was counted by a row which the tables no longer have."""
    versions = Deadline.objects.order_by().values_list("rule_hash", flat=True).distinct()
    old = set(versions) - marks_of_today()
    ids = set(Deadline.objects.filter(rule_hash__in=old).order_by().values_list("student_id", flat=True))
    if ids:
        mark(ids)
    return len(ids)


def mark_ended() -> int:
    """Children whose special education ended of late: an announced end excuses what is due from its day on.

    A week, lest a night was missed.
    """
    today = timezone.localdate()
    ended = SpecialEducationActivity.objects.filter(last_day__gt=today - LATELY, last_day__lte=today)
    ids = set(ended.order_by().values_list("student_id", flat=True))
    if ids:
        mark(ids)
    return len(ids)


def _within(mine: Scope) -> QuerySet[DirtyStudent]:
    """One look for each mark, and mostly there is none: a join would go through every child of a district."""
    theirs = StudentAccess.objects.in_scope(mine).filter(student_id=OuterRef("student_id"))
    return DirtyStudent.objects.alias(seen=Subquery(theirs.values("pk")[:1])).exclude(seen=None)


def _count_now(marked: QuerySet[DirtyStudent]) -> None:
    with scope.elevated():
        _ask(WAIT)
        _count(list(marked.order_by("mark").values_list("student_id", "mark")[:ON_A_PAGE]))


def _batch(after: int) -> Sequence[Mark]:
    """The marks after the last one counted: what is behind it is forgotten, and would only be read again."""
    with scope.system(), _no_search_for_cycles():
        if not _ask(TRY):
            return []
        waiting = DirtyStudent.objects.filter(mark__gt=after).order_by("mark")
        marks = list(waiting.values_list("student_id", "mark")[:BATCH])
        _count(marks)
        return marks


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """A batch makes half a million values and no cycle; to look for one takes a fifth of the time."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def _count(marks: Sequence[Mark]) -> None:
    """The marks are forgotten last; one drawn meanwhile stays."""
    if marks:
        recompute([student_id for student_id, _ in marks])
        with connection.cursor() as cursor:
            cursor.execute(FORGET, [list(column) for column in zip(*marks, strict=True)])


def _ask(for_the_lock: str) -> bool:
    """For the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(for_the_lock, [LOCK])
        return cursor.fetchone() != (False,)
