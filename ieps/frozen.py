"""What an IEP says, in words that need nothing else to be read: kept when it becomes official."""

from typing import Any

from django.utils import timezone

from ieps.elsewhere import elsewhere_of
from ieps.items import Entry, Grid
from ieps.models import Iep, Signature
from ieps.outline import Chapter, Written, chapters
from ieps.section_form import Choices
from ieps.values import in_print

Content = dict[str, Any]


def content_of(iep: Iep, written: Written, signatures: list[Signature]) -> Content:
    """The sections in order, each with its parts, and their fields and tables as people read them.

    {"kind", "category", "chapters": [{"section", "title", "parts": [{"title", "items": [...]}]}],
    "signatures": [{"name", "role", "purpose", "answer", "way", "signed_on", "sha256"}]}; an item is
    {"key", "label", "text"} or {"key", "label", "columns", "rows": [[…]]}. What is not needed is left out.
    """
    own = [chapter for chapter in chapters(written) if chapter.needed or chapter.is_begun]
    return {
        "kind": iep.kind_name,
        "category": iep.category_name,
        "chapters": [_chapter(iep, chapter, written) for chapter in own],
        "signatures": [_signature(each) for each in signatures],
    }


def _chapter(iep: Iep, chapter: Chapter, written: Written) -> Content:
    texts = {key: text for (section, key), text in written.texts.items() if section == chapter.section}
    names = {kind: dict(choices) for kind, choices in _elsewhere(iep, chapter).items()}
    return {
        "section": chapter.section,
        "title": chapter.title,
        "parts": [
            {"title": part.title, "items": [_item(item, texts, names) for item in part.items]}
            for part in chapter.parts
        ],
    }


def _elsewhere(iep: Iep, chapter: Chapter) -> dict[str, Choices]:
    return elsewhere_of(iep, chapter.entries)


def _item(item: Entry | Grid, texts: dict[str, str], names: dict[str, dict[str, str]]) -> Content:
    if isinstance(item, Entry):
        return {"key": item.key, "label": item.label, "text": printed(item, texts, names)}
    return {
        "key": item.key,
        "label": item.label,
        "columns": [column.label for column in item.columns],
        "rows": [[printed(cell, texts, names) for cell in cells] for _, cells in item.lines],
    }


def printed(entry: Entry, texts: dict[str, str], names: dict[str, dict[str, str]]) -> str:
    """As people read it; `names` of what is chosen from records, by type."""
    text = texts.get(entry.key, "")
    known = names.get(entry.type, {}).get(text)
    return known if known is not None else in_print(entry.type, text, timezone.localdate())


def _signature(each: Signature) -> Content:
    return {
        "name": each.name, "role": each.role, "purpose": each.purpose, "answer": each.answer,
        "way": each.way, "signed_on": each.signed_on.isoformat(), "sha256": each.sha256,
    }  # fmt: skip
