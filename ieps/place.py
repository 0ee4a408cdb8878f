"""Where a text of an IEP belongs: a field of its form, or a column of one of its lines."""

from ieps.items import Entry, Grid, items_of, line_in
from ieps.models import Iep, Line
from ieps.rules.form import sections
from security.refusals import RuleBroken

NO_SECTION = "The form has no such section."
NO_FIELD = "The section has no such field."
NO_LINE = "This line is not in the IEP any more. Add a line, and put the text there."


def line_at(iep: Iep, section: str, key: str) -> Line | None:
    """The line that a text with this key belongs to, None for a field outside of lines. Raises RuleBroken."""
    check_section(iep, section)
    number = line_in(key)
    if number is None:
        if key not in _entry_keys(_items(iep, section)):
            raise RuleBroken(NO_FIELD, "field")
        return None
    line = Line.objects.filter(iep=iep, section=section, pk=number).first()
    if line is None:
        raise RuleBroken(NO_LINE, "field")
    if key.partition(".")[2] not in _names_in(iep, line):
        raise RuleBroken(NO_FIELD, "field")
    return line


def check_section(iep: Iep, section: str) -> None:
    if section not in {row.section for row in sections(iep.form, iep.category)}:
        raise RuleBroken(NO_SECTION, "section")


def table_at(iep: Iep, section: str, table: str) -> Grid | None:
    """The table field of this key, or None."""
    grids = (item for item in _items(iep, section) if isinstance(item, Grid))
    return next((grid for grid in grids if grid.key == table), None)


def _names_in(iep: Iep, line: Line) -> set[str]:
    if not line.table:
        return _entry_keys(_items(iep, line.section))
    grid = table_at(iep, line.section, line.table)
    return {column.column for column in grid.columns} if grid else set()


def _items(iep: Iep, section: str) -> tuple[Entry | Grid, ...]:
    return items_of(iep.form, section, iep.category)


def _entry_keys(items: tuple[Entry | Grid, ...]) -> set[str]:
    return {item.key for item in items if isinstance(item, Entry)}
