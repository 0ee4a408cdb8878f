"""What the pages of resyncs show, as far as the person's scope reaches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from edfi.desk import connections_of, edfi_scope
from edfi.models import Result, Resync, ResyncRow
from edfi.rules.records import PARTICIPATION, SEORA, SSEPEA
from edfi.rules.resync import AT_DESK, OTHERS, RIGHT, SAME, Does, Why
from organizations.models import District
from security.models import User
from security.scope import Scope
from students.models import Student
from ui.lists import Column, Filter, ListState

NAMES = {
    SSEPEA: "Eligibility records",
    SEORA: "Responsibility records",
    PARTICIPATION: "Program records",
}
COLUMNS = {
    Does.POST: "To send",
    Does.CHANGE: "To change",
    Does.DELETE: "To delete",
    Does.FORGET: "Gone already",
    AT_DESK: "At the desk",
    SAME: "Left alone",
}
DEEDS = {
    Does.POST: "is sent", Does.CHANGE: "is changed", Does.DELETE: "is deleted",
    Does.FORGET: "is forgotten here",
}  # fmt: skip
REASONS = {
    Why.NEW: "It is not there yet.",
    Why.GONE: "It was there, and is gone.",
    Why.DIFFERS: "The state's copy is another one.",
    Why.NOT_WANTED: "It should not be there any more.",
    Why.NO_TRACE: "Nothing here explains it.",
}
RESULTS = {
    "": "not yet",
    Result.DONE: "done",
    Result.LEFT: "left, it changed meanwhile",
    Result.FAILED: "not done",
}
ROWS = (
    Column("child", "Student", ("student__sort_name",)),
    Column("record", "Record", "resource"),
    Column("does", "What happens", "does"),
    Column("why", "Why"),
    Column("district", "District", "district__name"),
    Column("result", "Result", "result"),
)
DOES = Filter("does", "What happens", [("", "Everything"), *((d.value, w) for d, w in DEEDS.items())])
RESULT = Filter("result", "Result", [("", "Any result"), *((k, words) for k, words in RESULTS.items() if k)])


@dataclass(frozen=True)
class Line:
    """A line of the report: one kind of record of one district, counted by what happens to it."""

    kind: str
    district: str
    numbers: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[str, int]]:
        return list(zip(COLUMNS.values(), self.numbers, strict=True))


def one(resource: str) -> str:
    """The name of one record."""
    return NAMES[resource].removesuffix("s")


def resyncs_of(user: User) -> QuerySet[Resync]:
    rows = Resync.objects.filter(connection__in=connections_of(user).values("pk"))
    return rows.select_related("connection__state", "connection__district")


def rows_of(user: User, resync: Resync) -> QuerySet[ResyncRow]:
    """Those that the person sees."""
    return within(resync.rows.select_related("student", "district"), edfi_scope(user))


def asked(user: User, resync: Resync, query: Mapping[str, str]) -> tuple[ListState, QuerySet[ResyncRow]]:
    """(how the list is asked for, its differences in order) among those that the person sees."""
    state = ListState.read(query, ROWS, filters=(DOES, RESULT))
    return state, rows_of(user, resync).filter(**state.chosen).order_by(*state.order_by())


def within(rows: QuerySet[ResyncRow], scope: Scope) -> QuerySet[ResyncRow]:
    """Of children in this scope, and of those whom nobody knows at schools of its districts."""
    if scope.everything:
        return rows
    unknown = Q(student=None, district__in=scope.district_ids)
    return rows.filter(Q(student__in=Student.objects.in_scope(scope)) | unknown)


def not_done(user: User, resync: Resync) -> int:
    """Differences that were tried and are there still."""
    return rows_of(user, resync).filter(result=Result.FAILED).count()


def differences(user: User, resync: Resync) -> int:
    """How many were found in the person's districts."""
    return sum(row.get(deed, 0) for row in _tallies(edfi_scope(user), resync) for deed in DEEDS)


def _tallies(scope: Scope, resync: Resync) -> list[dict]:
    return [
        row for row in resync.tallies
        if set(row) - {"resource", "district", OTHERS, RIGHT}
        and (scope.everything or row["district"] in scope.district_ids)
    ]  # fmt: skip


def right(user: User, resync: Resync) -> int | None:
    """How many were as they should be when it was compared; None where that was not counted."""
    scope = edfi_scope(user)
    counted = [row for row in resync.tallies if RIGHT in row]
    mine = [row[RIGHT] for row in counted if scope.everything or row["district"] in scope.district_ids]
    return sum(mine) if counted else None


def report(user: User, resync: Resync) -> list[Line]:
    """By district and kind; two queries."""
    tallies = _tallies(edfi_scope(user), resync)
    names = dict(
        District.objects.filter(pk__in=[row["district"] for row in tallies]).values_list("pk", "name")
    )
    lines = [
        Line(
            NAMES[row["resource"]],
            names.get(row["district"], "No district"),
            tuple(row.get(what, 0) for what in COLUMNS),
        )
        for row in tallies
    ]
    return sorted(lines, key=lambda line: (line.district, line.kind))


def totals(lines: Iterable[Line]) -> dict[str, int]:
    """By what happens: the sums of a report."""
    sums = [sum(column) for column in zip(*(line.numbers for line in lines), strict=True)]
    return dict(zip(COLUMNS, sums or [0] * len(COLUMNS), strict=True))


def of_others(resync: Resync) -> int:
    """Records there that are not ours to touch."""
    return sum(row.get(OTHERS, 0) for row in resync.tallies)
