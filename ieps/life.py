"""What happened to an IEP, newest first: each text, line, section and deed, with who and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from ieps.changes import named_entries
from ieps.models import Iep, Line, SectionText
from ieps.models.section_text import SET_ASIDE
from ieps.outline import Chapter
from ieps.values import in_print
from journal.models import Entry
from security.models import User
from ui.two_texts import compare

FIRST = "insert"
PAUSE = timedelta(minutes=10)
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Deed:
    """One change. `was` and `now`: the text, empty where it was none; `before` and `after`: its pieces of
    (words, differs), found when they are shown.
    """

    at: datetime
    who_id: int | None
    who: str
    section: str
    title: str
    what: str
    was: str = ""
    now: str = ""

    @cached_property
    def _compared(self) -> tuple[Pieces, Pieces]:
        return compare(self.was, self.now)

    @property
    def before(self) -> Pieces:
        return self._compared[0]

    @property
    def after(self) -> Pieces:
        return self._compared[1]


def life_of(iep: Iep, chapters: tuple[Chapter, ...]) -> list[Deed]:
    """Newest first; four queries, however long the history is."""
    deeds = [*_texts(iep, chapters), *_lines(iep, chapters), *_told(iep)]
    return sorted(deeds, key=lambda deed: deed.at, reverse=True)


def _texts(iep: Iep, chapters: tuple[Chapter, ...]) -> Iterator[Deed]:
    """What one person typed in one field without a longer pause is told as one change."""
    titles = {chapter.section: chapter.title for chapter in chapters}
    labels = {
        (chapter.section, entry.key): (label, entry.type)
        for chapter in chapters
        for label, entry in named_entries(chapter.parts)
    }
    for before, event in _runs(iep):
        label, kind = labels.get((event.section, event.field), (f"{event.field} (in a removed line)", "text"))
        day = event.saved_at.date()
        aside = ": set aside" if event.pgh_label == SET_ASIDE else ""
        yield Deed(
            event.saved_at, event.saved_by_id, _name(event.saved_by, iep, event), event.section,
            titles.get(event.section, event.section), f"{label}{aside}",
            in_print(kind, before, day), in_print(kind, event.text, day),
        )  # fmt: skip


def _runs(iep: Iep) -> Iterator[tuple[str, Any]]:
    """The text before, and the last event of what one person typed in one go."""
    events = SectionText.pgh_event_model.objects.filter(iep_id=iep.pk).select_related("saved_by")
    by_text: dict[int, list[Any]] = {}
    for event in events.order_by("pgh_id"):
        by_text.setdefault(event.pgh_obj_id, []).append(event)
    for history in by_text.values():
        yield from ((was, event) for was, event in _of_one_text(history) if was != event.text)


def _of_one_text(history: list[Any]) -> Iterator[tuple[str, Any]]:
    before, last = "", None
    for event in history:
        if event.pgh_label == SET_ASIDE:
            yield last.text if last else before, event
            continue
        if last and not _goes_on(last, event):
            yield before, last
            before = last.text
        last = event
    if last:
        yield before, last


def _goes_on(last: Any, event: Any) -> bool:
    return last.saved_by_id == event.saved_by_id and event.saved_at - last.saved_at < PAUSE


def _lines(iep: Iep, chapters: tuple[Chapter, ...]) -> Iterator[Deed]:
    titles = {chapter.section: chapter.title for chapter in chapters}
    tables = {(chapter.section, grid.table): grid.label for chapter in chapters for grid in chapter.grids}
    each = {chapter.section: chapter.each for chapter in chapters}
    events = list(
        Line.pgh_event_model.objects.filter(iep_id=iep.pk)
        .select_related("added_by", "removed_by")
        .order_by("pgh_id")
    )
    people = User.objects.in_bulk({who for event in events if (who := _in_context(event))})
    removed: dict[int, datetime | None] = {}
    for event in events:
        was = removed.get(event.pgh_obj_id)
        removed[event.pgh_obj_id] = event.removed_at
        label = tables.get((event.section, event.table)) or each.get(event.section) or event.table
        by, at, what = _line_deed(event, was, people.get(_in_context(event)))
        if what:
            yield Deed(
                at, by and by.pk, _name(by, iep, event), event.section,
                titles.get(event.section, event.section), f"{label}: {what}",
            )  # fmt: skip


def _in_context(event: Any) -> int | None:
    return (event.pgh_context or {}).get("user")


def _line_deed(event: Any, was: datetime | None, user: User | None) -> tuple[User | None, datetime, str]:
    """`was`: when it had been removed before; `user`: who was signed in."""
    if event.pgh_label == FIRST:
        return (
            event.added_by,
            event.added_at,
            "a line was copied" if event.came_from_id else "a line was added",
        )
    if event.removed_at and not was:
        return event.removed_by, event.removed_at, "a line was removed"
    return user, event.pgh_created_at, "a line was put back" if was and not event.removed_at else ""


def _told(iep: Iep) -> Iterator[Deed]:
    """What the journal tells of this IEP: begun, sections chosen, handed over, made official and so on."""
    entries = Entry.objects.filter(student_id=iep.student_id, details__iep=iep.pk)
    for entry in entries:
        who = entry.actor_name or "the system"
        yield Deed(entry.at, entry.actor_id, who, "", "The IEP", entry.words)


def _name(person: User | None, iep: Iep, event: Any) -> str:
    if person:
        return str(person)
    return iep.original_author or ("the rollover" if event.load_run_id else "Unknown")
