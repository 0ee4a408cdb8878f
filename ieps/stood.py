"""An IEP as it stands, or as it stood at an earlier moment, with its texts in words."""

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from ieps.elsewhere import GOALS
from ieps.items import Entry, LineAt
from ieps.models import Iep, Line, SectionText
from ieps.models.section_text import SET_ASIDE
from ieps.outline import Chapter, Written, chapters
from ieps.understood import as_meant
from ieps.values import in_print, is_a_key
from ieps.written import circumstances_of, written_of
from organizations.models import Site

INSERTED, DELETED = "insert", "delete"
OF_THE_IEP = ("kind", "category", "form", "status", "added_sections")


@dataclass(frozen=True)
class Stood:
    """`came_from`: of each line the line of an earlier IEP that it was copied from, if any."""

    iep: Iep
    written: Written
    came_from: Mapping[int, int | None]

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        return chapters(self.written)

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """What texts that point to other records stand for, by type."""
        return {"goal": _goals(self.written), "site": _sites(self.chapters, self.written)}

    def text(self, section: str, entry: Entry) -> str:
        return self.written.texts.get((section, entry.key), "").strip()

    def words(self, section: str, entry: Entry) -> str:
        """The text as people read it, empty where nothing is written."""
        text = self.text(section, entry)
        named = self.names.get(entry.type, {}).get(text)
        return named or in_print(entry.type, text, timezone.localdate())


def as_it_stands(iep: Iep) -> Stood:
    """Four queries, and one for the names of schools."""
    return Stood(iep, written_of(iep), dict(iep.lines.values_list("pk", "came_from")))


def as_it_stood(iep: Iep, at: datetime) -> Stood:
    """From the history that the database has written."""
    then = _iep_at(iep, at)
    texts, rows = _texts_at(iep, at), _lines_at(iep, at)
    lines = tuple(LineAt(row.id, row.section, row.table, row.parent_id) for row in rows)
    written = Written(
        form=then.form,
        category=then.category,
        texts=texts,
        lines=lines,
        added=frozenset(then.added_sections),
        circumstances=circumstances_of(then, texts, lines),
    )
    return Stood(then, written, {row.id: row.came_from_id for row in rows})


def _texts_at(iep: Iep, at: datetime) -> dict[tuple[str, str], str]:
    events = SectionText.pgh_event_model.objects.filter(iep_id=iep.pk, saved_at__lte=at)
    events = events.exclude(pgh_label=SET_ASIDE).order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    corrected = iep.corrections.filter(corrected_at__lte=at).values_list("section", "field", "after")
    texts = {
        (row.section, row.field): as_meant(iep.form, row.section, row.field, row.text, row.saved_at)
        for row in events
        if row.pgh_label != DELETED
    }
    return texts | {(section, field): after for section, field, after in corrected}


def _lines_at(iep: Iep, at: datetime) -> list[Any]:
    """Those that stood, in order."""
    last: dict[int, Any] = {}
    for event in Line.pgh_event_model.objects.filter(iep_id=iep.pk).order_by("pgh_id"):
        if _moment(event) <= at:
            last[event.pgh_obj_id] = event
    standing = [row for row in last.values() if row.pgh_label != DELETED and row.removed_at is None]
    return sorted(standing, key=lambda row: (row.place, row.id))


def _moment(event: Any) -> datetime:
    """When a line was added or removed, by the clock of the person; of anything else the database's."""
    if event.pgh_label == INSERTED:
        return event.added_at
    return event.removed_at or event.pgh_created_at


def _iep_at(iep: Iep, at: datetime) -> Iep:
    event = (
        Iep.pgh_event_model.objects.filter(pgh_obj_id=iep.pk, pgh_created_at__lte=at)
        .order_by("-pgh_id")
        .first()
    )
    then = copy(iep)
    for name in OF_THE_IEP if event else ():
        setattr(then, name, getattr(event, name))
    return then


def first_lines(*sides: Stood) -> dict[int, int]:
    """Of each line the first one that it goes back to, over however many IEPs; a query for each of them."""
    came_from = {pk: source for side in sides for pk, source in side.came_from.items()}
    while unknown := {source for source in came_from.values() if source} - came_from.keys():
        came_from |= dict.fromkeys(unknown) | dict(
            Line.objects.filter(pk__in=unknown).values_list("pk", "came_from")
        )
    return {pk: _first(pk, came_from) for pk in came_from}


def _first(pk: int, came_from: Mapping[int, int | None]) -> int:
    while source := came_from[pk]:
        pk = source
    return pk


def _goals(written: Written) -> dict[str, str]:
    plans = (line.pk for line in written.lines if line.section == GOALS and not line.table)
    goals = {str(pk): " ".join(written.texts.get((GOALS, f"{pk}.goal"), "").split()) for pk in plans}
    return {pk: goal for pk, goal in goals.items() if goal}


def _sites(chapters: Collection[Chapter], written: Written) -> dict[str, str]:
    chosen = {
        written.texts.get((chapter.section, entry.key), "")
        for chapter in chapters
        for entry in chapter.entries
        if entry.type == "site"
    }
    numbers = {text for text in chosen if is_a_key(text)}
    return {str(site.pk): site.name for site in Site.objects.filter(pk__in=numbers)} if numbers else {}
