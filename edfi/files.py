"""The lists that leave the desk as a CSV file: what a line of each holds, and whose lines are in it."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from edfi import lines, resyncs
from edfi.desk import edfi_scope, only_in
from edfi.models import ResyncRow, Trouble
from edfi.rules.resync import Does, Why
from edfi.rules.there import DAY
from rulebook.formulas import guarded
from security.models import User
from security.rules.roles import Permission
from security.scope import Scope, both, scope_of

AT_A_TIME = 2_000  # rows
Query = Mapping[str, str]


@dataclass(frozen=True)
class Listing:
    """`rows(by, query)` are those that the person sees, as filtered; `within` keeps them to a scope."""

    slug: str
    title: str
    heads: tuple[str, ...]
    rows: Callable[[User, Query], QuerySet[Any]]
    within: Callable[[QuerySet[Any], Scope], QuerySet[Any]]
    cells: Callable[[Any], list[str]]

    @property
    def file_name(self) -> str:
        return f"{self.slug}-{timezone.localdate():%Y-%m-%d}.csv"

    def to_take(self, by: User, query: Query) -> QuerySet[Any]:
        """Only places of the person's right to export leave: read within `to_take_from`."""
        return self.within(self.rows(by, query), scope_of(by, Permission.EXPORT))

    def written(self, rows: QuerySet[Any]) -> Iterator[str]:
        """Line by line; what a spreadsheet would run is made harmless."""
        yield _line(self.heads)
        for row in rows.iterator(chunk_size=AT_A_TIME):
            yield _line([guarded(cell) for cell in self.cells(row)])


def to_take_from(by: User) -> Scope:
    """The places at which this person sees the exchange and may export."""
    return both(edfi_scope(by), scope_of(by, Permission.EXPORT))


def _line(cells: list[str] | tuple[str, ...]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow(cells)
    return file.getvalue()


def _lines(by: User, query: Query) -> QuerySet[Trouble]:
    rows = lines.asked(by, query)[1]
    return rows.select_related("student", "district", "assigned_to").prefetch_related("notes")


def _line_cells(row: Trouble) -> list[str]:
    """The state's own words stay here: they may name another child."""
    child = row.student
    return [
        child.state_student_id, child.last_name, child.first_name, str(row.district or ""), row.resource,
        row.sentence, row.about, row.get_needs_display(), str(row.status or ""), str(row.count),
        _moment(row.first_seen), _moment(row.last_seen), _moment(row.resolved_at),
        row.assigned_to.get_full_name() if row.assigned_to else "",
        " | ".join(note.text for note in row.notes.all()),
    ]  # fmt: skip


def _children(by: User, query: Query) -> QuerySet[ResyncRow]:
    """`query` names the resync."""
    this = resyncs.resyncs_of(by).filter(pk=int(query["resync"])).first()
    return resyncs.asked(by, this, query)[1] if this else ResyncRow.objects.none()


def _child_cells(row: ResyncRow) -> list[str]:
    """A child whom nobody here knows has a number of the state, and no name."""
    child, key = row.student, row.natural_key
    names = [child.state_student_id, child.last_name, child.first_name] if child else ["", "", ""]
    return [
        str(key["studentUniqueId"]), *names, str(row.district or ""), resyncs.one(row.resource),
        str(key[DAY[row.resource]])[:10], str(row.school_year), resyncs.DEEDS[Does(row.does)],
        resyncs.REASONS[Why(row.why)], resyncs.RESULTS[row.result], _moment(row.ended_at),
    ]  # fmt: skip


def _moment(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


DESK = Listing(
    "ed-fi-desk",
    "the Ed-Fi desk",
    (
        "State student ID", "Last name", "First name", "District", "Record", "Reason", "About",
        "Needs", "Status", "Seen", "First seen", "Last seen", "Cleared", "Assigned to", "Notes",
    ),
    _lines,
    only_in,
    _line_cells,
)  # fmt: skip
CHILDREN = Listing(
    "ed-fi-resync",
    "the differences of an Ed-Fi resync",
    (
        "Student at the state", "State student ID", "Last name", "First name", "District", "Record", "Of",
        "School year", "What happens", "Why", "Result", "When",
    ),
    _children,
    resyncs.within,
    _child_cells,
)  # fmt: skip
LISTINGS = {each.slug: each for each in (DESK, CHILDREN)}
