"""The sections of one IEP with what is written in them, as pages, checks, print and API walk through them.

What a legacy draft holds beyond the form has its place at the end of its section.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ieps.items import Entry, Grid, LineAt, items_of, line_in
from ieps.missing import missing_among
from ieps.rules.conditions import Circumstances, holds
from ieps.rules.form import Column, sections

BEYOND_THE_FORM = "From the legacy system"


class Progress(StrEnum):
    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    COMPLETE = "complete"
    OPTIONAL = "only if needed"


@dataclass(frozen=True)
class Written:
    """All that stands in one IEP: its form and category, its texts by (section, key), its lines in order,
    the optional sections that were added."""

    form: str
    category: str = ""
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    lines: tuple[LineAt, ...] = ()
    added: frozenset[str] = frozenset()
    circumstances: Circumstances = Circumstances()


@dataclass(frozen=True)
class Part:
    """What stands under one heading. `line`: the plan of a section that repeats."""

    title: str
    items: tuple[Entry | Grid, ...]
    line: LineAt | None = None


@dataclass(frozen=True)
class Chapter:
    """One section: its parts, and how far it is written. `each` names what a section repeats for."""

    section: str
    title: str
    parts: tuple[Part, ...]
    progress: Progress
    missing: tuple[Entry | Grid, ...]
    optional: bool = False
    needed: bool = True
    each: str = ""

    @property
    def is_begun(self) -> bool:
        return self.progress in (Progress.IN_PROGRESS, Progress.COMPLETE)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every control, also those in tables."""
        return tuple(entries_in(self.parts))

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(item for part in self.parts for item in part.items if isinstance(item, Grid))

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


def entries_in(parts: Iterable[Part]) -> Iterator[Entry]:
    for part in parts:
        for item in part.items:
            if isinstance(item, Entry):
                yield item
            else:
                yield from (entry for _, entries in item.lines for entry in entries)


def chapters(written: Written) -> tuple[Chapter, ...]:
    """Every section of the category in order, then those that only a legacy draft knows."""
    rows = sections(written.form, written.category)
    strange = sorted({section for section, _ in written.texts} - {row.section for row in rows})
    usual = [_chapter(row.section, row.title, row.optional, row.when, row.each, written) for row in rows]
    return (*usual, *(_strange(section, written) for section in strange))


def _chapter(section: str, title: str, optional: bool, when: str, each: str, written: Written) -> Chapter:
    own = {key: text for (of, key), text in written.texts.items() if of == section}
    parts = (
        *(_plans(section, each, written) if each else _parts(section, written)),
        *_beyond(section, own, written),
    )
    needed = not optional or section in written.added or bool(when and holds(when, written.circumstances))
    filled = {key for key, text in own.items() if text.strip()}
    missing = tuple(_missing(parts, own, written.circumstances)) if needed else ()
    if each and needed and not _lines(written, section, ""):
        missing = (Grid("", "", each, "", (), ()), *missing)
    chapter = Chapter(section, title, parts, Progress.OPTIONAL, missing, optional, needed, each)
    return replace(chapter, progress=_progress(chapter, filled))


def _strange(section: str, written: Written) -> Chapter:
    own = {key: text for (of, key), text in written.texts.items() if of == section}
    title = f"{BEYOND_THE_FORM}: {section}"
    return Chapter(section, title, _beyond(section, own, written), Progress.COMPLETE, (), True, False)


def _parts(section: str, written: Written) -> Iterator[Part]:
    titles: dict[str, list[Entry | Grid]] = {}
    for item in _items(section, written, None):
        titles.setdefault(item.part, []).append(item)
    for title, items in titles.items():
        yield Part(title, tuple(items))


def _plans(section: str, each: str, written: Written) -> Iterator[Part]:
    for number, line in enumerate(_lines(written, section, ""), 1):
        yield Part(f"{each} {number}", tuple(_items(section, written, line)), line)


def _items(section: str, written: Written, plan: LineAt | None) -> Iterator[Entry | Grid]:
    for item in items_of(written.form, section, written.category):
        own = item if plan is None else replace(item, key=f"{plan.pk}.{item.key}")
        if isinstance(own, Grid):
            yield _with_lines(own, item.key, section, written, plan)
        else:
            yield own


def _with_lines(grid: Grid, table: str, section: str, written: Written, plan: LineAt | None) -> Grid:
    parent = plan.pk if plan else None
    own = [line for line in _lines(written, section, table) if line.parent == parent]
    lines = tuple((line, tuple(_cell(grid, column, line) for column in grid.columns)) for line in own)
    return replace(grid, lines=lines, parent=parent)


def _cell(grid: Grid, column: Column, line: LineAt) -> Entry:
    key = f"{line.pk}.{column.column}"
    return Entry(key, grid.part, column.label, column.type, "", column.required, column=column)


def _lines(written: Written, section: str, table: str) -> list[LineAt]:
    return [line for line in written.lines if (line.section, line.table) == (section, table)]


def _beyond(section: str, own: Mapping[str, str], written: Written) -> tuple[Part, ...]:
    items = items_of(written.form, section, written.category)
    known = {item.key for item in items if isinstance(item, Entry)}
    rest = [key for key in own if key not in known and not line_in(key)]
    entries = (Entry(key, BEYOND_THE_FORM, key.replace("_", " ").capitalize()) for key in rest)
    return (Part(BEYOND_THE_FORM, tuple(entries)),) if rest else ()


def _missing(parts: Iterable[Part], texts: Mapping[str, str], now: Circumstances) -> Iterator[Entry | Grid]:
    for part in parts:
        yield from missing_among(part.items, part.line, texts, now)


def _progress(chapter: Chapter, filled: set[str]) -> Progress:
    has_lines = any(grid.lines for grid in chapter.grids) or bool(chapter.each and chapter.parts)
    if not filled and not has_lines:
        return Progress.NOT_STARTED if chapter.needed else Progress.OPTIONAL
    return Progress.IN_PROGRESS if chapter.missing else Progress.COMPLETE
