"""Marks: which children are to be compared with the state again."""

from collections.abc import Iterable, Sequence

from django.db import connection as database
from django.db.models import Q
from django.utils import timezone

from edfi.models import Connection, DirtyStudent, Trouble
from evaluations.models import Evaluation
from ieps.models import Iep
from security import scope

Mark = tuple[int, int]


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
    """Those whose time to be tried again has come."""
    due = Trouble.objects.open().filter(connection=connection, retry_at__lte=timezone.now())
    ids = list(due.values_list("student_id", flat=True).distinct())
    if ids:
        due.update(retry_at=None)
        mark(ids, [connection])


def take(connection: Connection, most: int) -> list[Mark]:
    """(student id, mark) of those who wait longest; they stay marked until `done`."""
    waiting = DirtyStudent.objects.filter(connection=connection).order_by("mark")
    return list(waiting.values_list("student_id", "mark")[:most])


def done(connection: Connection, marks: Sequence[Mark]) -> None:
    """Forget these marks; one drawn meanwhile stays."""
    exact = Q()
    for student_id, number in marks:
        exact |= Q(student_id=student_id, mark=number)
    if exact:
        DirtyStudent.objects.filter(exact, connection=connection).delete()
