"""Lines of the tables of a draft come and go; optional sections are added and left out."""

from django.db import transaction
from django.utils import timezone

from ieps import access
from ieps.actions.check_out import check_not_taken_out
from ieps.actions.hold import hold
from ieps.models import Iep, Line
from ieps.place import check_section, table_at
from ieps.rules.form import sections
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken

MOST = 200


@transaction.atomic
def add_line(*, by: User, iep: Iep, section: str, table: str = "", plan: int | None = None) -> Line:
    """An empty line at the end of a table, or another plan of a section that repeats (no `table`).

    `plan`: the plan whose table it is. Raises NotAllowed, RuleBroken.
    """
    iep = hold(iep)
    access.check_may_write(by, iep)
    check_not_taken_out(by, iep, section)
    _check_table(iep, section, table)
    parent = _plan(iep, section, plan) if table and _repeats(iep, section) else None
    those = Line.objects.filter(iep=iep, section=section, table=table, parent=parent)
    if those.standing().count() >= MOST:
        raise RuleBroken(f"There are {MOST} lines already. Attach a document for more.")
    return Line.objects.create(
        iep=iep, section=section, table=table, parent=parent, place=those.next_place(), added_by=by
    )


@transaction.atomic
def remove_line(*, by: User, iep: Iep, line: Line) -> Line:
    """The line is left out; its texts stay beside it, so that it can be put back.

    Raises NotAllowed, TakenOut.
    """
    iep = hold(iep)
    access.check_may_write(by, iep)
    check_not_taken_out(by, iep, line.section)
    line.removed_by, line.removed_at = by, timezone.now()
    line.save(update_fields=["removed_by", "removed_at"])
    return line


@transaction.atomic
def put_line_back(*, by: User, iep: Iep, line: Line) -> Line:
    """Raises NotAllowed, TakenOut."""
    iep = hold(iep)
    access.check_may_write(by, iep)
    check_not_taken_out(by, iep, line.section)
    line.removed_by = line.removed_at = None
    line.save(update_fields=["removed_by", "removed_at"])
    return line


@transaction.atomic
def move_line(*, by: User, iep: Iep, line: Line, up: bool) -> Line:
    """The line changes places with the one before or after it in its table. Raises NotAllowed, TakenOut."""
    iep = hold(iep)
    access.check_may_write(by, iep)
    check_not_taken_out(by, iep, line.section)
    place = {"iep": iep, "section": line.section, "table": line.table, "parent": line.parent_id}
    rows = list(Line.objects.standing().filter(**place).select_for_update(of=("self",)))
    at = next((number for number, row in enumerate(rows) if row.pk == line.pk), -1)
    to = at - 1 if up else at + 1
    if at < 0 or not 0 <= to < len(rows):
        return line
    rows[at], rows[to] = rows[to], rows[at]
    _number(rows)
    line.refresh_from_db(fields=["place"])
    return line


def _number(rows: list[Line]) -> None:
    for number, row in enumerate(rows, 1):
        if row.place != number:
            row.place = number
            row.save(update_fields=["place"])


@transaction.atomic
def choose_section(*, by: User, iep: Iep, section: str, added: bool) -> Iep:
    """An optional section is added to the IEP, or no longer asked for; its texts stay.

    Raises NotAllowed, RuleBroken, TakenOut.
    """
    iep = hold(iep)
    access.check_may_write(by, iep)
    check_not_taken_out(by, iep, section)
    check_section(iep, section)
    row = next(row for row in sections(iep.form, iep.category) if row.section == section)
    if not row.optional:
        raise RuleBroken(f"{row.title} belongs to every IEP of this category.", "section")
    chosen = {*iep.added_sections, section} if added else {*iep.added_sections} - {section}
    iep.added_sections = sorted(chosen)
    iep.save(update_fields=["added_sections"])
    words = f"{'Added' if added else 'Left out'} the section {row.title}"
    record(
        "IEP_SECTION_CHOSEN", words, by=by, student_id=iep.student_id, district_id=iep.district_id, iep=iep.pk
    )
    return iep


def _check_table(iep: Iep, section: str, table: str) -> None:
    check_section(iep, section)
    if table_at(iep, section, table) if table else _repeats(iep, section):
        return
    raise RuleBroken("The section has no such table.", "table")


def _repeats(iep: Iep, section: str) -> bool:
    return any(row.repeats for row in sections(iep.form, iep.category) if row.section == section)


def _plan(iep: Iep, section: str, plan: int | None) -> Line:
    found = Line.objects.standing().filter(iep=iep, section=section, table="", pk=plan).first()
    if found is None:
        raise RuleBroken("This plan is not in the IEP any more.", "plan")
    return found
