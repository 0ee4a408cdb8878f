"""One section of an IEP: written, saved while typing, and brought together when two people wrote."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ieps import access
from ieps.actions import Conflict
from ieps.addresses import of_field, of_line
from ieps.bank import TYPED
from ieps.conflicts import sides, unresolved
from ieps.elsewhere import elsewhere_of
from ieps.environment import TABLE as SERVICES
from ieps.history import texts_over_time
from ieps.items import Entry, Grid
from ieps.models import Iep, SectionText
from ieps.outline import Chapter, Written, chapters, entries_in
from ieps.saving import (
    ANOTHER,
    WHO,
    changed_by_hand,
    choose,
    opened_by_another,
    place_of,
    save_fields,
    token_of,
    versions_in,
)
from ieps.section_form import choices_of, section_form
from ieps.texts import texts_in
from ieps.together import in_section
from ieps.understood import as_meant
from ieps.views.beside import Beside, beside
from ieps.views.page import address, found, frame_of, waiting_of
from ieps.written import chapters_of, written_of
from security import asked_often
from security.refusals import RuleBroken

PERIOD = "code:service_period"
REMOVED = """
    SELECT l.id, string_agg(t.text, ' · ' ORDER BY t.id)
    FROM ieps_line l JOIN ieps_sectiontext t ON t.line_id = l.id
    WHERE l.iep_id = %(iep)s AND l.section = %(section)s AND l.removed_at IS NOT NULL AND t.text <> ''
    GROUP BY l.id, l.place ORDER BY l.place, l.id
"""
SHORT = 34  # letters of a name that a narrow cell shows whole


def section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    this = found(request, pk)
    content = written_of(this)
    written = chapters(content)
    chapter = chapter_in(written, section)
    if request.method == "POST":
        return save(request, this, chapter)
    request.user.looked_at(this.student_id, "section of an IEP")
    aside = unresolved(this, section, request.user) if this.is_draft else {}
    mine = {key: event.text for key, event in aside.items()}
    based_on = {key: event.version for key, event in aside.items()}
    return show(request, this, chapter, mine, based_on, read=(content, written))


def save(request: HttpRequest, this: Iep, chapter: Chapter) -> HttpResponse:
    """The Save button, also without a script; a conflict is ended by the buttons beside it."""
    sent, user = request.POST, request.user
    chosen = [entry.key for entry in chapter.entries if f"{entry.key}_keep" in sent]
    token = sent.get("version", "")
    try:
        if opened_by_another(user, token):
            raise RuleBroken(ANOTHER)
        ended = _end_conflicts(user, this, chapter, sent, chosen)
        typed = {key: text for key, text in sent.items() if key not in chosen}
        saved = save_fields(user, this, chapter, changed_by_hand(this, chapter, typed, token), token)
    except RuleBroken as broken:
        messages.error(request, f"Not saved: {broken}")
        return show(request, this, chapter, dict(sent.items()), versions_in(token), status=400)
    for merged in saved.merged.values():
        messages.info(request, f"{merged_words(chapter, merged)} Read it once more.")
    conflicts = {**saved.conflicts, **ended}
    if conflicts:
        mine = {key: conflict.mine for key, conflict in conflicts.items()}
        return show(request, this, chapter, mine, saved.versions, status=409)
    if chosen:
        return redirect(f"{address(this, chapter)}#id_{chosen[0]}")
    return redirect(next_address(this, chapter))


@require_safe
def history(request: HttpRequest, pk: int, section: str, field: str) -> HttpResponse:
    this = found(request, pk)
    chapter = chapter_of(this, section)
    entry = chapter.entry(field)
    if entry is None:
        raise Http404
    request.user.looked_at(this.student_id, "history of an IEP")
    context = {
        **frame_of(this, chapters_of(this), section),
        "chapter": chapter,
        "entry": entry,
        "back": f"{address(this, chapter)}#id_{field}",
        "texts": texts_over_time(this, section, field),
    }
    return render(request, "ieps/history.html", context)


def chapter_of(this: Iep, section: str) -> Chapter:
    return chapter_in(chapters_of(this), section)


def chapter_in(written: tuple[Chapter, ...], section: str) -> Chapter:
    chapter = next((each for each in written if each.section == section), None)
    if chapter is None:
        raise Http404
    return chapter


def show(
    request: HttpRequest, this: Iep, chapter: Chapter,
    mine: dict[str, str], based_on: dict[str, int], status: int = 200,
    read: tuple[Written, tuple[Chapter, ...]] | None = None,
) -> HttpResponse:  # fmt: skip
    """`mine` are texts that differ from the stored ones, over the versions `based_on`; `read` is the IEP with
    its chapters, where it was read already and is as it was.
    """
    stored = texts_in(this, chapter.section)
    own = {
        key: as_meant(this.form, chapter.section, key, row.text, row.saved_at) for key, row in stored.items()
    }
    texts = {**own, **mine}
    versions = {
        WHO: request.user.pk,
        **place_of(this, chapter.section),
        **{key: row.version for key, row in stored.items()},
        **based_on,
    }
    at_odds = {
        key: (text, stored[key]) for key, text in mine.items() if _differs(key, text, stored, based_on)
    }
    why_not = access.why_not_write(request.user, this)
    form = section_form(
        chapter.entries, texts, editable=why_not is None, elsewhere=elsewhere_of(this, chapter.entries)
    )
    last = max(stored.values(), key=lambda row: row.saved_at, default=None)
    content, written = read or _read(this)
    waiting = waiting_of(this)
    helped = beside(this, chapter, content, waiting, editable=why_not is None)
    context = {
        **frame_of(this, written, chapter.section, len(at_odds), waiting),
        "helped": helped,
        "chapter": chapter,
        "form": form,
        "parts": parts_of(this, chapter, form, stored, helped),
        "removed": removed_of(this, chapter) if why_not is None else [],
        "version": token_of(versions),
        "last": last,
        "why_not": why_not,
        "conflicts": conflicts_of(chapter, at_odds),
        "next": following(written, chapter),
        "together": in_section(request.user, this, chapter.section),
    }
    return render(request, "ieps/section.html", context, status=status)


def _read(this: Iep) -> tuple[Written, tuple[Chapter, ...]]:
    content = written_of(this)
    return content, chapters(content)


def _differs(key: str, text: str, stored: dict[str, SectionText], based_on: dict[str, int]) -> bool:
    row = stored.get(key)
    return row is not None and row.text != text and row.version != based_on.get(key, 0)


def _end_conflicts(user, this: Iep, chapter: Chapter, sent, chosen: list[str]) -> dict[str, Conflict]:
    again = {}
    for key in chosen:
        try:
            choose(user, this, chapter.section, key, sent)
        except Conflict as conflict:
            again[key] = conflict
    return again


def merged_words(chapter: Chapter, text: SectionText) -> str:
    """Whose changes of which field are one text now."""
    entry = chapter.entry(text.field)
    where = f" in “{entry.label}”" if entry else ""
    return f"Merged with {text.merged_with or 'somebody'}’s change{where}."


def conflicts_of(chapter: Chapter, texts: dict[str, tuple[str, SectionText]]) -> list[dict[str, object]]:
    return [
        {
            "key": key,
            "label": chapter.entry(key).label,
            "sentence": f"{theirs.saved_by or 'Somebody'} changed “{chapter.entry(key).label}” meanwhile.",
            "seen": theirs.version,
            **sides(mine, theirs),
        }
        for key, (mine, theirs) in texts.items()
    ]


def parts_of(
    this: Iep, chapter: Chapter, form, stored: dict[str, SectionText], helped: Beside | None = None
) -> list[dict[str, object]]:
    """The fields and tables of the section by the part they stand in, each with who wrote it last."""
    return [
        {
            "part": part,
            "items": [shown(this, chapter, item, form, stored, helped) for item in part.items],
            "waiting": helped.waiting(entry.key for entry in entries_in([part])) if helped else "",
            "computed": helped.computed
            if helped and any(item.key == SERVICES for item in part.items)
            else None,
        }
        for part in chapter.parts
    ]


def shown(
    this: Iep, chapter: Chapter, item: Entry | Grid, form, stored: dict[str, SectionText],
    helped: Beside | None = None,
) -> dict[str, object]:  # fmt: skip
    if isinstance(item, Entry):
        text, offer = stored.get(item.key), helped.suggested.get(item.key) if helped else None
        waiting = helped.waiting([item.key]) if helped else ""
        return {
            "bound": form[item.key],
            "text": text,
            "entry": item,
            "suggested": offer,
            "waiting": waiting,
            "words_url": of_field("words", this, chapter.section, item.key) if item.type in TYPED else "",
            "history_url": of_field("history", this, chapter.section, item.key),
        }
    lines = [
        {
            "line": line,
            "number": number,
            "cells": [(form[cell.key], width_of(cell)) for cell in cells],
            "waiting": helped.waiting(cell.key for cell in cells) if helped else "",
            "move_url": of_line("move_line", this, chapter.section, line.pk),
            "remove_url": of_line("remove_line", this, chapter.section, line.pk),
        }
        for number, (line, cells) in enumerate(item.lines, 1)
    ]
    return {"grid": item, "lines": lines}


def width_of(cell: Entry) -> str:
    """How wide a cell of a table is; what is typed freely takes the room that is left."""
    if cell.type == PERIOD:
        return "short"
    if cell.type.startswith("code:"):
        return "wide" if max(len(name) for _, name in choices_of(cell.type)) > SHORT else "code"
    return cell.type if cell.type in ("bool", "int", "decimal", "date", "text") else "line"


def following(written: tuple[Chapter, ...], chapter: Chapter) -> Chapter | None:
    """The next section that this IEP needs."""
    place = [each.section for each in written].index(chapter.section)
    return next((each for each in written[place + 1 :] if each.needed), None)


def next_address(this: Iep, chapter: Chapter) -> str:
    """The next section; after the last one what is still missing in all of them."""
    after = following(chapters_of(this), chapter)
    return address(this, after) if after else reverse("ieps:missing", args=[this.pk])


def removed_of(this: Iep, chapter: Chapter) -> list[tuple[int, str]]:
    """Lines that were removed and had something in them, each with its words: they can be put back."""
    return asked_often.rows(REMOVED, {"iep": this.pk, "section": chapter.section})
