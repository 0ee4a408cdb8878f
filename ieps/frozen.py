"""What an IEP says, in words that need nothing else to be read: printed, and kept when it is official."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ieps.items import Entry, Grid
from ieps.models import Attachment, Signature
from ieps.outline import Chapter, Part
from ieps.rules.form import fields_of
from ieps.stood import Stood
from ui.dates import in_words

Content = dict[str, Any]
Told = Mapping[tuple[str, str], object]


def content_of(
    stood: Stood, told: Told, signatures: Iterable[Signature] = (), attachments: Iterable[Attachment] = ()
) -> Content:
    """The sections in order, each with its parts, and their fields and tables as people read them.

    {"kind", "category", "chapters": [{"section", "title", "parts": [{"title", "each", "items": [...]}]}],
    "school": name, "left_out": [titles], "attachments": [{"kind", "name", "sha256"}],
    "signatures": [{"name", "role", "purpose", "answer", "way", "signed_on", "sha256"}]}; an item is
    {"key", "label", "type", "text", "second"} or {"key", "label", "columns": [{"column", "label", "type"}],
    "rows": [{"line", "cells": [text]}]}. `told`: the fields that nobody fills in. A `second` value belongs to
    the one before it. What is not needed is left out.
    """
    shown = [chapter for chapter in stood.chapters if chapter.needed or chapter.is_begun]
    return {
        "kind": stood.iep.kind_name,
        "category": stood.iep.category_name,
        "school": stood.iep.home_site.name if stood.iep.home_site else "",
        "chapters": [_chapter(stood, told, chapter) for chapter in shown],
        "left_out": [chapter.title for chapter in stood.chapters if chapter not in shown],
        "attachments": [_attachment(each) for each in attachments],
        "signatures": [_signature(each) for each in signatures],
    }


def _chapter(stood: Stood, told: Told, chapter: Chapter) -> Content:
    parts = [
        {
            "title": part.title,
            "each": chapter.each if part.line else "",
            "items": [
                _item(stood, told, chapter.section, item) for item in _with_told(stood, told, chapter, part)
            ],
        }
        for part in chapter.parts
    ]
    return {"section": chapter.section, "title": chapter.title, "parts": parts}


def _with_told(stood: Stood, told: Told, chapter: Chapter, part: Part) -> list[Entry | Grid]:
    """Also the fields that nobody fills in, each at its place in the form."""
    form, section = stood.iep.form, chapter.section
    rows = [row for row in fields_of(form, section) if row.subsection_title == part.title]
    nobodys = [
        Entry(row.field, part.title, row.label, row.type, field=row)
        for row in rows
        if row.read_only and (section, row.field) in told
    ]
    order = {row.field: place for place, row in enumerate(rows)}
    return sorted([*part.items, *nobodys], key=lambda item: order.get(_field_of(item), len(order)))


def _field_of(item: Entry | Grid) -> str:
    if isinstance(item, Entry):
        return item.field.field if item.field else item.key
    return item.table.rpartition(".")[2]


def _item(stood: Stood, told: Told, section: str, item: Entry | Grid) -> Content:
    if isinstance(item, Entry):
        return {
            "key": item.key,
            "label": _label(item),
            "type": item.type,
            "text": _words(stood, told, section, item),
            "second": item.answers_on is not None,
        }
    return {
        "key": item.key,
        "label": item.label,
        "columns": [
            {"column": column.column, "label": column.label, "type": column.type} for column in item.columns
        ],
        "rows": [
            {"line": line.pk, "cells": [stood.words(section, cell) for cell in cells]}
            for line, cells in item.lines
        ],
    }


def _label(entry: Entry) -> str:
    """A second value stands right below the first: an explanation needs no label, a day says whose it is."""
    if entry.answers_on and entry.field:
        return "" if entry.type == "text" else f"{entry.field.label}: {entry.label.lower()}"
    return entry.label


def _words(stood: Stood, told: Told, section: str, entry: Entry) -> str:
    if (section, entry.key) not in told:
        return stood.words(section, entry)
    value = told[section, entry.key]
    if value is None:
        return ""
    return in_words(value) if isinstance(value, date) else str(value)


def _attachment(each: Attachment) -> Content:
    kept = each.document
    return {"kind": each.get_kind_display(), "name": kept.name, "sha256": kept.sha256}


def _signature(each: Signature) -> Content:
    return {
        "name": each.name, "role": each.role, "purpose": each.purpose, "answer": each.answer,
        "way": each.way, "signed_on": each.signed_on.isoformat(), "sha256": each.sha256,
    }  # fmt: skip
