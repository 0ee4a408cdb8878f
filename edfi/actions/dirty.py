"""Marks: which children are to be compared with the state again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection as database
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from edfi.models import AwaitedDay, Connection, DirtyStudent, Identity, Trouble
from enrollment.models import Enrollment
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
    """Every child with an evaluation or an official IEP, and those of whom something was sent.

    Of a district's own connection: its own, and those who were at its schools at any time (EDFI-A13).
    """
    here = Q(student__state=connection.state_id)
    if district_id := connection.district_id:
        at_its_schools = Enrollment.objects.filter(district=district_id, student=OuterRef("student"))
        here &= Q(district=district_id) | Exists(at_its_schools)
    with scope.elevated():
        evaluations, ieps = Evaluation.objects.filter(here), Iep.objects.agreed().filter(here)
        sent = Identity.objects.filter(connection=connection)
        ids = (rows.order_by().values_list("student_id") for rows in (evaluations, ieps, sent))
        first, *others = ids
        return sorted(student_id for (student_id,) in first.union(*others))


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
