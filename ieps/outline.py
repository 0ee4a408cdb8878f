"""The sections and fields of one IEP, as its pages walk through them: the form's tables and what is written.

A text is kept under its section and a key. The key is the field's id; where two parts of a section use the
same id, the later one is told apart by its part (PRG: `narrative` and `ACT.narrative`). What a legacy draft
holds beyond the form has its place at the end of its section.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ieps.rules.form import Field, Required, fields_of, sections

CHOSEN_AT_THE_BEGINNING = {("GSI", "category"), ("GSI", "type")}  # kept on the IEP itself
BEYOND_THE_FORM = "From the legacy system"


class Progress(StrEnum):
    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    COMPLETE = "complete"
    OPTIONAL = "only if needed"


@dataclass(frozen=True)
class Entry:
    """One field of a section with the key of its text."""

    key: str
    part: str
    label: str
    type: str = "text"
    hint: str = ""
    required: bool = False
    field: Field | None = None


@dataclass(frozen=True)
class Chapter:
    """One section: its entries, and how far it is written."""

    section: str
    title: str
    entries: tuple[Entry, ...]
    progress: Progress
    missing: tuple[Entry, ...]

    @property
    def is_begun(self) -> bool:
        return self.progress in (Progress.IN_PROGRESS, Progress.COMPLETE)

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


@cache
def entries_of(section: str) -> tuple[Entry, ...]:
    """The fields that are written by people, in the order of the form; computed ones are left out."""
    taken: set[str] = set()
    entries = []
    for row in fields_of(section):
        if not row.read_only and (section, row.field) not in CHOSEN_AT_THE_BEGINNING:
            part = row.subsection.rpartition(".")[2]
            key = row.field if row.field not in taken else f"{part}.{row.field}"
            taken.add(row.field)
            required = row.required is Required.YES
            hint = ". ".join(filter(None, (row.condition, row.hint, _columns(row))))
            entries.append(Entry(key, row.subsection_title, row.label, row.type, hint, required, row))
    return tuple(entries)


def chapters(texts: Mapping[tuple[str, str], str]) -> tuple[Chapter, ...]:
    """Every section in order, then those that only a legacy draft knows. `texts` by (section, key)."""
    known = [(row.section, row.title, row.optional) for row in sections()]
    strange = sorted({section for section, _ in texts} - {section for section, _, _ in known})
    every = [*known, *((section, f"{BEYOND_THE_FORM}: {section}", True) for section in strange)]
    return tuple(_chapter(section, title, optional, texts) for section, title, optional in every)


def _chapter(section: str, title: str, optional: bool, texts: Mapping[tuple[str, str], str]) -> Chapter:
    written = {key: text for (of, key), text in texts.items() if of == section}
    entries = (*entries_of(section), *_beyond(section, written))
    filled = {key for key, text in written.items() if text.strip()}
    missing = tuple(entry for entry in entries if entry.required and entry.key not in filled)
    return Chapter(section, title, entries, _progress(optional, filled, missing), missing)


def _beyond(section: str, written: Iterable[str]) -> Iterable[Entry]:
    known = {entry.key for entry in entries_of(section)}
    return (
        Entry(key, BEYOND_THE_FORM, key.replace("_", " ").capitalize()) for key in written if key not in known
    )


def _progress(optional: bool, filled: set[str], missing: tuple[Entry, ...]) -> Progress:
    if not filled:
        return Progress.OPTIONAL if optional else Progress.NOT_STARTED
    return Progress.IN_PROGRESS if missing else Progress.COMPLETE


def _columns(row: Field) -> str:
    return f"One line for each: {', '.join(row.columns)}" if row.columns else ""
