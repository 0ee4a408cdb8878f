"""Marks: which children are to be compared with the state again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection as database
from django.db.models import QuerySet
from django.utils import timezone

from edfi.models import AwaitedDay, Connection, DirtyStudent, Trouble
from evaluations.models import Evaluation
from ieps.models import Iep
from security import scope

Mark = tuple[int, int]
DONE = """DELETE FROM edfi_dirtystudent d USING unnest(%s::bigint[], %s::bigint[]) m (student_id, mark)
    WHERE d.connection_id = %s AND d.student_id = m.student_id AND d.mark = m.mark"""


def mark(student_ids: Iterable[int], connections: Iterable[Connection]) -> None:
    """Have these children compared again, soon after the transaction is committed."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT edfi_mark_dirty(%s::bigint[], %s::bigint[])",
            [[row.pk for row in connections], list(student_ids)],
        )


def mark_everyone(connection: Connection) -> int:
    """Whoever asks: marks tell nobody anything."""
    ids = everyone(connection)
    mark(ids, [connection])
    return len(ids)


def everyone(connection: Connection) -> list[int]:
    """Every child with an evaluation or an official IEP."""
    with scope.elevated():
        evaluations = Evaluation.objects.filter(student__state_id=connection.state_id)
        ieps = Iep.objects.agreed().filter(student__state_id=connection.state_id)
        ids = evaluations.values_list("student_id").union(ieps.values_list("student_id"))
        return sorted(student_id for (student_id,) in ids)


def mark_due(connection: Connection) -> None:
    """Those whose time to be tried again, or whose day, has come."""
    due = troubles_due().filter(connection=connection)
    come = days_come().filter(connection=connection)
    ids = {*due.values_list("student_id", flat=True), *come.values_list("student_id", flat=True)}
    if ids:
        due.update(retry_at=None)
        come.delete()
        mark(ids, [connection])


def troubles_due() -> QuerySet[Trouble]:
    return Trouble.objects.open().filter(retry_at__lte=timezone.now())


def days_come() -> QuerySet[AwaitedDay]:
    return AwaitedDay.objects.filter(day__lte=timezone.localdate())


def await_days(connection: Connection, days: Mapping[int, date | None]) -> None:
    """By child, the day on which it is to be compared again though nothing is edited; None for no day."""
    rows = AwaitedDay.objects.filter(connection=connection, student_id__in=days)
    awaited = {student_id: day for student_id, day in days.items() if day}
    rows.exclude(student_id__in=awaited).delete()
    AwaitedDay.objects.bulk_create(
        [AwaitedDay(connection=connection, student_id=pk, day=day) for pk, day in sorted(awaited.items())],
        update_conflicts=True,
        unique_fields=["connection", "student_id"],
        update_fields=["day"],
    )


def take(connection: Connection, most: int) -> list[Mark]:
    """(student id, mark) of those who wait longest; they stay marked until `done`."""
    waiting = DirtyStudent.objects.filter(connection=connection).order_by("mark")
    return list(waiting.values_list("student_id", "mark")[:most])


def done(connection: Connection, marks: Sequence[Mark]) -> None:
    """Forget these marks; one drawn meanwhile stays."""
    facts = [[student_id for student_id, _ in marks], [number for _, number in marks], connection.pk]
    with database.cursor() as cursor:
        cursor.execute(DONE, facts)
