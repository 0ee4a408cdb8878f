"""The sections of an IEP as the items of a printed form, with their words and the marks of an amendment."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from ieps.changes import Change
from ieps.items import Entry, Grid
from ieps.outline import Chapter, Part
from ieps.rules.form import Column, fields_of
from ieps.rules.print_words import heading
from ieps.stood import Stood
from ui.dates import in_words
from ui.two_texts import compare

SHORT = ("date", "int", "decimal", "bool", "line", "site")
LONGEST_SHORT = 60  # characters; a longer value has the whole width
Marks = Mapping[tuple[str, str], Change]
Told = Mapping[tuple[str, str], object]


class Sheet:
    """The items of the sections, with the words in which they are printed."""

    def __init__(self, stood: Stood, language: str, told: Told, marks: Marks) -> None:
        self.stood, self.language, self.told, self.marks = stood, language, told, marks

    def chapter(self, chapter: Chapter, number: int) -> dict[str, Any]:
        name = heading(chapter.title, self.language)
        parts = [self.part(chapter, part) for part in chapter.parts]
        return {
            "title": f"{number}  {name}",
            "name": name,
            "parts": [part for part in parts if part["items"]],
        }

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
        rows = [
            [self.value(section, cell, self.words(section, cell)) for cell in cells]
            for _, cells in grid.lines
        ]
        return {
            "kind": "table",
            "label": grid.label,
            "columns": [column.label for column in grid.columns],
            "widths": [width_of(column) for column in grid.columns],
            "rows": rows,
        }

    def _with_told(self, chapter: Chapter, part: Part) -> list[Entry | Grid]:
        """Also the fields that nobody fills in, each at its place in the form."""
        form, section = self.stood.iep.form, chapter.section
        rows = [row for row in fields_of(form, section) if row.subsection_title == part.title]
        told = [
            Entry(row.field, part.title, row.label, row.type, field=row)
            for row in rows
            if row.read_only and (section, row.field) in self.told
        ]
        order = {row.field: place for place, row in enumerate(rows)}
        return sorted([*part.items, *told], key=lambda item: order.get(_field_of(item), len(order)))


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
