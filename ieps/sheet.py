"""The sections of an IEP as items of a printed form, with the marks of an amendment and of corrections."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ieps.frozen import Content
from ieps.rules.print_words import heading
from ui.two_texts import compare

SHORT = ("date", "int", "decimal", "bool", "line", "site")
LONGEST_SHORT = 60  # characters; a longer value has the whole width
SHARES = {"text": 6, "goal": 6, "line": 4, "date": 3, "int": 2, "bool": 2}


@dataclass(frozen=True)
class Mark:
    """Why a value is marked (`label`), with what stands and stood there; `before` None in a new line."""

    label: str
    after: str
    before: str | None = None


Marks = Mapping[tuple[str, str], Mark]


class Sheet:
    """The items of the sections of a content (frozen.py), with the words in which they are printed."""

    def __init__(self, language: str, marks: Marks) -> None:
        self.language, self.marks = language, marks

    def chapter(self, chapter: Content, number: int) -> dict[str, Any]:
        name = heading(chapter["title"], self.language)
        parts = [self.part(chapter["section"], part) for part in chapter["parts"]]
        return {
            "title": f"{number}  {name}",
            "name": name,
            "parts": [part for part in parts if part["items"]],
        }

    def part(self, section: str, part: Content) -> dict[str, Any]:
        words, title = part["each"] or part["title"], part["title"]
        named = title.replace(words, heading(words, self.language), 1)
        items = (self.item(section, item) for item in part["items"])
        return {"title": named, "items": list(_in_pairs(item for item in items if item))}

    def item(self, section: str, item: Content) -> dict[str, Any] | None:
        if "rows" in item:
            return self.table(section, item)
        value = self.value((section, item["key"]), item["text"], item["type"])
        if item["second"] and not item["text"] and not value["mark"]:
            return None
        return {"kind": _kind(item["type"], item["text"]), "label": item["label"], **value}

    def value(self, place: tuple[str, str], words: str, kind: str) -> dict[str, Any]:
        mark = self.marks.get(place)
        if mark is None:
            words = heading(words, self.language) if kind == "bool" else words
            return {"value": [[words, False]] if words else [], "mark": "", "was": None}
        old, new = compare(mark.before or "", mark.after)
        return {"value": new, "mark": mark.label, "was": None if mark.before is None else old}

    def table(self, section: str, grid: Content) -> dict[str, Any]:
        columns = grid["columns"]
        rows = [
            [
                self.value((section, f"{row['line']}.{column['column']}"), words, column["type"])
                for column, words in zip(columns, row["cells"], strict=True)
            ]
            for row in grid["rows"]
        ]
        return {
            "kind": "table",
            "label": grid["label"],
            "columns": [column["label"] for column in columns],
            "widths": [width_of(column["type"], column["label"]) for column in columns],
            "rows": rows,
        }


def _kind(kind: str, words: str) -> str:
    short = kind in SHORT or kind.startswith("code:")
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


def width_of(kind: str, label: str) -> int:
    """The share of a column in its table: by what is written there, and wide enough for its heading."""
    return max(SHARES.get(kind, 4), len(label) // 8)
