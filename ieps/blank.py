"""The form of an IEP to be filled in by hand, from the same tables as the pages."""

from collections.abc import Iterable, Iterator
from typing import Any

from documents.printing import printed
from ieps.items import Entry, Grid, items_of
from ieps.paper import FREE_LINES, SOURCE, fixed_words
from ieps.rules.codes import CodeSet, name_of
from ieps.rules.form import Section, form_called, sections
from ieps.rules.print_words import ENGLISH, heading
from ieps.section_form import choices_of
from ieps.sheet import width_of

ON_TOP = ("Student", "State ID", "Born", "Grade", "School", "Team meeting")
PLANS = 3  # goals to be written; more on a second copy
LINES = {"participants": 8, "services": 6, "regular_classes": 6}
FEW_LINES = 3
TEXT_LINES, EXPLAINED = 4, 2
MOST_OFFERED = 14  # codes to tick; of a longer set the code is written
SHORT = ("date", "int", "decimal", "line", "site", "goal")


def blank_form(form: str, category: str, language: str = ENGLISH) -> bytes:
    """The PDF with every section of the category. Raises KeyError for a form that no table has."""
    return printed(SOURCE, values_of(form, category, language))


def values_of(form: str, category: str, language: str) -> dict[str, Any]:
    row, name = form_called(form), name_of(CodeSet.IEP_CATEGORY, category)
    title = heading(row.title, language)
    return {
        "title": title,
        "author": "",
        "lang": "en",
        "words": fixed_words(language),
        "child": name,
        "facts": [(heading(label, language), "") for label in ON_TOP],
        "told": [],
        "watermark": "",
        "footer": f"{row.title}, {name}",
        "chapters": [
            _chapter(section, category, number, language)
            for number, section in enumerate(sections(form, category), 1)
        ],
        "left_out": [],
        "files": [],
        "signed": [],
        "corrected": [],
        "signers": [("", "")] * 2 * FREE_LINES,
        "about": f"{row.authority}.",
        "blank": True,
    }


def _chapter(section: Section, category: str, number: int, language: str) -> dict[str, Any]:
    name = heading(section.title, language)
    parts: list[dict[str, Any]] = []
    for copy in range(1, (PLANS if section.repeats else 1) + 1):
        plan = f"{heading(section.each, language)} {copy}" if section.repeats else ""
        parts.extend(_parts(section, category, plan, language))
    title = f"{number}  {name}" + (f" ({heading('Only if needed', language)})" if section.optional else "")
    return {"title": title, "name": name, "parts": parts, "gone": []}


def _parts(section: Section, category: str, plan: str, language: str) -> Iterator[dict[str, Any]]:
    titles: dict[str, list[Entry | Grid]] = {}
    for item in items_of(section.form, section.section, category):
        titles.setdefault(item.part, []).append(item)
    for title, items in titles.items():
        yield {"title": plan or heading(title, language), "items": list(_in_pairs(items, language))}


def _in_pairs(items: Iterable[Entry | Grid], language: str) -> Iterator[dict[str, Any]]:
    short: list[dict[str, Any]] = []
    for item in items:
        if isinstance(item, Entry) and item.type in SHORT:
            short.append({"label": _label(item)})
            continue
        if short:
            yield {"kind": "blanks", "facts": short}
            short = []
        yield _item(item, language)
    if short:
        yield {"kind": "blanks", "facts": short}


def _item(item: Entry | Grid, language: str) -> dict[str, Any]:
    if isinstance(item, Grid):
        return {
            "kind": "table by hand",
            "label": item.label,
            "columns": [column.label for column in item.columns],
            "widths": [width_of(column.type, column.label) for column in item.columns],
            "lines": LINES.get(item.key, FEW_LINES),
        }
    options = _options(item, language)
    if options:
        across = 2 if max(map(len, options)) > 24 else 4
        return {"kind": "choice", "label": _label(item), "options": options, "across": across}
    lines = 1 if item.type.startswith("code:") else EXPLAINED if item.answers_on else TEXT_LINES
    return {"kind": "by hand", "label": _label(item), "hint": item.hint, "lines": lines}


def _options(entry: Entry, language: str) -> list[str]:
    if entry.type == "bool":
        return [heading(words, language) for words in ("Yes", "No")]
    offered = [words for _, words in choices_of(entry.type)]
    return offered if len(offered) <= MOST_OFFERED else []


def _label(entry: Entry) -> str:
    """A day beside an answer says whose it is; an explanation stands right below its question."""
    dated = entry.answers_on and entry.field and entry.type == "date"
    return f"{entry.field.label}: {entry.label.lower()}" if dated else entry.label
