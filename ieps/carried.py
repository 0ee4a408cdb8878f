"""What a draft took over from an earlier IEP, and what of it nobody has looked at yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ieps.items import Entry, Grid, items_of
from ieps.models import Carried, Iep
from ieps.models.carried import AS_COPIED
from ieps.outline import Chapter, chapters
from ieps.rules.carrying import never_copied
from ieps.rules.form import sections
from ieps.written import written_of
from security import asked_often

GOALS = "INS"
DATE = "date"
# Neither changed nor kept on purpose; what was removed needs no look. Asked by every page of a draft.
NOT_LOOKED_AT = """
    SELECT t.section, t.field, c.id FROM ieps_carried c JOIN ieps_sectiontext t ON t.id = c.text_id
    LEFT JOIN ieps_line l ON l.id = t.line_id
    WHERE c.iep_id = %(iep)s AND c.looked_at IS NULL AND t.version = %(as_copied)s AND l.removed_at IS NULL
    ORDER BY c.id
"""
Waiting = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Offered:
    """One section of the earlier IEP, or one goal (`number`: its line), with how much is written there."""

    section: str
    title: str
    count: int
    number: int | None = None


def earlier_iep(iep: Iep) -> Iep | None:
    """The last agreed IEP of the child in which something is written."""
    if iep.student_id is None:
        return None
    rows = Iep.objects.agreed().filter(student=iep.student_id, texts__isnull=False).exclude(pk=iep.pk)
    return rows.select_related("student__state", "district").order_by("-meeting_date", "-pk").first()


def never_carried(iep: Iep) -> set[tuple[str, str]]:
    """By section and name of the field: every day, and what the table names."""
    days = {
        (row.section, key)
        for row in sections(iep.form)
        for item in items_of(iep.form, row.section)
        for key in _days_in(item)
    }
    return days | never_copied()


def _days_in(item: Entry | Grid) -> list[str]:
    if isinstance(item, Entry):
        return [item.key] if item.type == DATE else []
    return [f"{item.key}.{column.column}" for column in item.columns if column.type == DATE]


def offered(source: Iep) -> list[Offered]:
    """What can be taken over: each section with something in it, and each goal."""
    written = written_of(source)
    found: list[Offered] = []
    for chapter in chapters(written):
        own = {key: text for (section, key), text in written.texts.items() if section == chapter.section}
        found += _goals(chapter, own) if chapter.section == GOALS else _whole(chapter, own)
    return found


def _whole(chapter: Chapter, own: dict[str, str]) -> list[Offered]:
    count = sum(bool(own.get(entry.key, "").strip()) for entry in chapter.entries)
    return [Offered(chapter.section, chapter.title, count)] if count else []


def _goals(chapter: Chapter, own: dict[str, str]) -> list[Offered]:
    plans = [part.line.pk for part in chapter.parts if part.line]
    return [Offered(GOALS, _title(own, pk), 1, pk) for pk in plans]


def _title(own: dict[str, str], plan: int) -> str:
    area, goal = (own.get(f"{plan}.{name}", "").strip() for name in ("area", "goal"))
    return ": ".join(filter(None, (area, goal))) or "A plan without a goal"


def not_looked_at(iep: Iep) -> Waiting:
    """The texts that still stand as they were taken over, by section and key, each with its number."""
    asked = {"iep": iep.pk, "as_copied": AS_COPIED}
    return {(section, key): pk for section, key, pk in asked_often.rows(NOT_LOOKED_AT, asked)}


def waiting_in(section: str, waiting: Waiting) -> dict[str, int]:
    """Those of one section, by key."""
    return {key: pk for (of, key), pk in waiting.items() if of == section}


def carried_from(iep: Iep) -> date | None:
    """The meeting of the IEP that was taken over last."""
    rows = Carried.objects.filter(iep=iep).order_by("-pk")
    return rows.values_list("source__meeting_date", flat=True).first()
