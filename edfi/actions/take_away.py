"""The lines of the desk as a CSV file: with a reason, within scope, noted for every child."""

import csv
import io

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from edfi.access import check_may_take_away
from edfi.desk import only_in
from edfi.models import Trouble
from journal.actions import record
from rulebook.formulas import guarded
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission
from security.scope import scope_of

HEADS = (
    "State student ID", "Last name", "First name", "District", "Record", "Reason", "About",
    "Needs", "Status", "Seen", "First seen", "Last seen", "Cleared", "Assigned to", "Notes",
)  # fmt: skip
SHORTEST_REASON = 5


def take_away(*, by: User, lines: QuerySet[Trouble], reason: str) -> str:
    """The text of the file. `lines` are those that the person sees; only places of their export right leave.

    Every child in it is noted in the record of access. Raises NotAllowed, RuleBroken.
    """
    check_may_take_away(by)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise RuleBroken("Say what you need the file for.", "reason")
    lines = only_in(lines, scope_of(by, Permission.EXPORT))
    cap = settings.ESER_EXPORT_CAP
    children = list(lines.values_list("student_id", flat=True)[: cap + 1])
    if len(children) > cap:
        raise RuleBroken(f"One file holds at most {cap:,} lines. Narrow the list with a filter first.")
    by.took_away(children, "CSV of the Ed-Fi desk", reason)
    words = f"exported the Ed-Fi desk, {len(children):,} rows as CSV"
    record("EXPORTED", words, by=by, list="edfi-desk", format="csv", rows=len(children), reason=reason)
    rows = lines.select_related("student", "district", "assigned_to").prefetch_related("notes")
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n").writerow
    write(HEADS)
    for row in rows:
        write([guarded(cell) for cell in _cells(row)])
    return file.getvalue()


def _cells(row: Trouble) -> list[str]:
    """The state's own words stay here: they may name another child."""
    child = row.student
    return [
        child.state_student_id, child.last_name, child.first_name, str(row.district or ""), row.resource,
        row.sentence, row.about, row.get_needs_display(), str(row.status or ""), str(row.count),
        _moment(row.first_seen), _moment(row.last_seen), _moment(row.resolved_at),
        row.assigned_to.get_full_name() if row.assigned_to else "",
        " | ".join(note.text for note in row.notes.all()),
    ]  # fmt: skip


def _moment(value) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""
