"""An IEP on paper: what the printed form is given, section by section, as on the screen."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from documents.printing import printed
from ieps.changes import Change
from ieps.items import Entry, Grid
from ieps.models import Iep
from ieps.outline import Chapter, Part
from ieps.rules.codes import CodeSet, name_of
from ieps.rules.form import Column, fields_of, form_called
from ieps.rules.print_words import ENGLISH, heading, in_language
from ieps.stood import Stood, as_it_stands
from students.facts import grade_name, grouped, id_name
from students.models import Student
from ui.dates import in_words, moment_in_words
from ui.two_texts import compare

try:
    from ieps.told import told
except ImportError:

    def told(iep):
        return {}

SOURCE = Path(__file__).parent / "prints" / "iep.typ"
SHORT = ("date", "int", "decimal", "bool", "line", "site")
LONGEST_SHORT = 60  # characters; a longer value has the whole width
FIXED = {
    "page": "Page", "of": "of", "empty": "Not filled in", "changed": "Changed", "before": "Before",
    "taken_out": "Taken out by this amendment", "not_part": "Not part of this IEP",
    "signatures": "Signatures", "name": "Name", "role": "Role", "signature": "Signature", "date": "Date",
    "sign_here": "Who signs says that he or she took part. Consent is given in its own section.",
}  # fmt: skip
MARKED = "What an amendment changed is underlined; what stood there before is told beside it."
FREE_LINES = 3
Marks = Mapping[tuple[str, str], Change]
Told = Mapping[tuple[str, str], object]


def print_iep(iep: Iep, *, language: str = ENGLISH, changes: Iterable[Change] = ()) -> bytes:
    """The PDF, in which `changes` are marked where they stand."""
    return printed(SOURCE, values_of(as_it_stands(iep), language, told(iep), list(changes)))


def values_of(stood: Stood, language: str, told: Told, changes: list[Change]) -> dict[str, Any]:
    iep, form = stood.iep, form_called(stood.iep.form)
    sheet = _Sheet(stood, language, told, {(each.section, each.key): each for each in changes if not each.gone})
    shown = [chapter for chapter in stood.chapters if chapter.needed or chapter.is_begun]
    content = [sheet.chapter(chapter, number) for number, chapter in enumerate(shown, 1)]
    for chapter, values in zip(shown, content, strict=True):
        values["gone"] = [_gone(each) for each in changes if each.gone and each.section == chapter.section]
    child = iep.student.full_name if iep.student else "Student not known"
    title, mark = heading(form.title, language), fingerprint(content)
    return {
        "title": title,
        "author": str(iep.district or ""),
        "lang": "en",
        "words": fixed_words(language),
        "child": child,
        "facts": _facts(iep, language),
        "told": [heading(MARKED, language)] if changes else [],
        "watermark": in_language("DRAFT", language) if iep.is_draft else "",
        "footer": f"{child} · {iep.kind_name} IEP · {_standing(iep)} · {mark[:12]}",
        "chapters": content,
        "left_out": [heading(each.title, language) for each in stood.chapters if each not in shown],
        "signers": _signers(stood) if iep.is_draft else [],
        "about": f"Printed {moment_in_words(timezone.now())}. {form.authority}. SHA-256 of the content: {mark}",
        "blank": False,
    }


def fixed_words(language: str) -> dict[str, str]:
    page = {key: in_language(FIXED[key], language) for key in ("page", "of")}
    return {key: heading(words, language) for key, words in FIXED.items()} | page


def fingerprint(content: list[dict[str, Any]]) -> str:
    """The same for the same words, whenever they are printed."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class _Sheet:
    """The items of the sections, with the words in which they are printed."""

    def __init__(self, stood: Stood, language: str, told: Told, marks: Marks) -> None:
        self.stood, self.language, self.told, self.marks = stood, language, told, marks

    def chapter(self, chapter: Chapter, number: int) -> dict[str, Any]:
        name = heading(chapter.title, self.language)
        parts = [self.part(chapter, part) for part in chapter.parts]
        return {"title": f"{number}  {name}", "name": name, "parts": [part for part in parts if part["items"]]}

    def part(self, chapter: Chapter, part: Part) -> dict[str, Any]:
        title = heading(part.title, self.language)
        if part.line:
            each = heading(chapter.each, self.language)
            title = part.title.replace(chapter.each, each, 1)
        items = (self.item(chapter.section, item) for item in self._with_told(chapter, part))
        return {"title": title, "items": list(_in_pairs(item for item in items if item))}

    def item(self, section: str, item: Entry | Grid) -> dict[str, Any] | None:
        if isinstance(item, Grid):
            return self.table(section, item)
        words = self.words(section, item)
        if item.answers_on and not words:
            return None
        return {"kind": _kind(item, words), "label": _label(item), **self.value(section, item, words)}

    def words(self, section: str, entry: Entry) -> str:
        if (section, entry.key) in self.told:
            return _told_words(self.told[section, entry.key])
        words = self.stood.words(section, entry)
        return heading(words, self.language) if entry.type == "bool" else words

    def value(self, section: str, entry: Entry, words: str) -> dict[str, Any]:
        change = self.marks.get((section, entry.key))
        if change is None:
            return {"value": [[words, False]] if words else [], "changed": False, "was": None}
        old, new = compare(change.before, change.after)
        return {"value": new, "changed": True, "was": None if change.in_new_line else old}

    def table(self, section: str, grid: Grid) -> dict[str, Any]:
        rows = [[self.value(section, cell, self.words(section, cell)) for cell in cells] for _, cells in grid.lines]
        return {
            "kind": "table",
            "label": grid.label,
            "columns": [column.label for column in grid.columns],
            "widths": [width_of(column) for column in grid.columns],
            "rows": rows,
        }

    def _with_told(self, chapter: Chapter, part: Part) -> list[Entry | Grid]:
        """Also the fields that nobody fills in, each at its place in the form."""
        rows = [row for row in fields_of(self.stood.iep.form, chapter.section) if row.subsection_title == part.title]
        order = {row.field: place for place, row in enumerate(rows)}
        told = [
            Entry(row.field, part.title, row.label, row.type, field=row)
            for row in rows
            if row.read_only and (chapter.section, row.field) in self.told
        ]
        return sorted([*part.items, *told], key=lambda item: order.get(_field_of(item), len(order))) if told else list(part.items)


def _told_words(value: object) -> str:
    if value is None:
        return ""
    return in_words(value) if isinstance(value, date) else str(value)


def _field_of(item: Entry | Grid) -> str:
    if isinstance(item, Entry):
        return item.field.field if item.field else item.key
    return item.table.rpartition(".")[2]


def _label(entry: Entry) -> str:
    """A second value stands right below the first: an explanation needs no label, a day says whose it is."""
    if entry.answers_on and entry.field:
        return "" if entry.type == "text" else f"{entry.field.label}: {entry.label.lower()}"
    return entry.label


def _kind(entry: Entry, words: str) -> str:
    short = entry.type in SHORT or entry.type.startswith("code:")
    return "fact" if short and len(words) <= LONGEST_SHORT and "\n" not in words else "text"


def _in_pairs(items: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Short values that follow each other stand two in a row."""
    facts: list[dict[str, Any]] = []
    for item in items:
        if item["kind"] == "fact":
            facts.append(item)
            continue
        if facts:
            yield {"kind": "facts", "facts": facts}
            facts = []
        yield item
    if facts:
        yield {"kind": "facts", "facts": facts}


def width_of(column: Column) -> int:
    """The share of a column in its table: by what is written there, and wide enough for its heading."""
    share = {"text": 6, "goal": 6, "line": 4, "date": 3, "int": 2, "bool": 2}.get(column.type, 4)
    return max(share, len(column.label) // 8)


def _gone(change: Change) -> dict[str, Any]:
    return {"label": change.label, "was": [[change.before, True]]}


def _facts(iep: Iep, language: str) -> list[tuple[str, str]]:
    child = iep.student
    facts = [
        *(_child(child) if child else []),
        ("Grade", grade_name(iep.grade or (child.grade if child else "")).capitalize()),
        ("School", iep.home_site.name if iep.home_site else ""),
        ("Category", iep.category_name),
        ("Type", iep.kind_name),
        ("Status", "Draft: not agreed yet" if iep.is_draft else _standing(iep)),
        ("Team meeting", in_words(iep.meeting_date) if iep.meeting_date else ""),
        ("In effect", _span(iep)),
    ]
    return [(heading(label, language), value) for label, value in facts if value]


def _child(child: Student) -> list[tuple[str, str]]:
    born = in_words(child.birth_date) if child.birth_date else ""
    return [(id_name(child), grouped(child.state_student_id)), ("Born", born)]


def _span(iep: Iep) -> str:
    days = [in_words(day) for day in (iep.first_day, iep.last_day) if day]
    return " to ".join(days)


def _standing(iep: Iep) -> str:
    at = f" of {in_words(timezone.localdate(iep.modified_at))}" if iep.is_draft else ""
    return f"{iep.get_status_display().capitalize()}{at}"


def _signers(stood: Stood) -> list[tuple[str, str]]:
    """Who took part, and free lines for those who are not written down."""
    texts = stood.written.texts
    lines = [line for line in stood.written.lines if (line.section, line.table) == ("GSI", "participants")]
    named = [
        (texts.get(("GSI", f"{line.pk}.name"), ""), name_of(CodeSet.PARTICIPANT_ROLE, texts.get(("GSI", f"{line.pk}.role"), "")) or "")
        for line in lines
    ]
    return [*named, *[("", "")] * FREE_LINES]
