"""What one IEP says otherwise than another: an amendment and what it amends, or two moments of a draft.

Fields are matched by their key, lines of tables and plans by the line that they were copied from.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ieps.items import Entry, Grid, line_in
from ieps.models import Iep, Line
from ieps.outline import Chapter, Part
from ieps.stood import Stood, as_it_stands, first_lines

AMENDMENT = "AMD"


@dataclass(frozen=True)
class Change:
    """`before` and `after` in words, empty where nothing stood. `key`: of the text in the later one, or in
    the earlier one when it is `gone`. `in_new_line`: the line itself was added."""

    section: str
    title: str
    label: str
    before: str
    after: str
    key: str
    gone: bool = False
    in_new_line: bool = False


@dataclass(frozen=True)
class _Place:
    """One text of one side: `match` is the same on both sides."""

    match: str
    chapter: Chapter
    label: str
    entry: Entry
    words: str


def changes_between(before: Iep, after: Iep) -> list[Change]:
    """In the order of the form; what was taken out stands at the end of its section."""
    return differences(as_it_stands(before), as_it_stands(after))


def amended_by(iep: Iep) -> Iep | None:
    """The IEP that an amendment was copied from; None for every other kind."""
    if iep.kind != AMENDMENT:
        return None
    if amends := getattr(iep, "amends", None):
        return amends
    sources = Line.objects.filter(pk__in=iep.lines.values("came_from"))
    return Iep.objects.filter(pk__in=sources.values("iep")).order_by("-pk").first()


def differences(before: Stood, after: Stood) -> list[Change]:
    first = first_lines(before, after)
    old = {place.match: place for place in _places(before, first)}
    new = {place.match: place for place in _places(after, first)}
    lines = {match.partition(".")[0] for match in old if _is_of_a_line(match)}
    order = [chapter.section for chapter in (*after.chapters, *before.chapters)]
    found = [*_changed(old, new, lines), *_gone(old, new)]
    return sorted(found, key=lambda change: (order.index(change.section), change.gone))


def _changed(old: Mapping[str, _Place], new: Mapping[str, _Place], lines: set[str]) -> Iterator[Change]:
    for match, place in new.items():
        before = old[match].words if match in old else ""
        if before != place.words:
            added = _is_of_a_line(match) and match.partition(".")[0] not in lines
            yield _change(place, before, place.words, in_new_line=added)


def _gone(old: Mapping[str, _Place], new: Mapping[str, _Place]) -> Iterator[Change]:
    for match, place in old.items():
        if match not in new and place.words:
            yield _change(place, place.words, "", gone=True)


def _change(place: _Place, before: str, after: str, **how: bool) -> Change:
    chapter = place.chapter
    return Change(chapter.section, chapter.title, place.label, before, after, place.entry.key, **how)


def _is_of_a_line(match: str) -> bool:
    return line_in(match) is not None


def _places(side: Stood, first: Mapping[int, int]) -> Iterator[_Place]:
    taken: set[str] = set()
    for chapter in side.chapters:
        for label, entry in named_entries(chapter.parts):
            match = f"{chapter.section}/{entry.key}"
            if line := line_in(entry.key):
                match = f"{first.get(line, line)}.{entry.key.partition('.')[2]}"
            if match in taken:  # two lines were copied from one: the second counts as new
                match = f"{entry.key}"
            taken.add(match)
            yield _Place(match, chapter, label, entry, side.words(chapter.section, entry))


def named_entries(parts: Iterable[Part]) -> Iterator[tuple[str, Entry]]:
    """Each entry with a label that tells it apart: of which plan, in which line of which table."""
    for part in parts:
        plan = f"{part.title}: " if part.line else ""
        for item in part.items:
            if isinstance(item, Entry):
                yield f"{plan}{item.label}", item
            else:
                yield from ((f"{plan}{label}", entry) for label, entry in _cells(item))


def _cells(grid: Grid) -> Iterator[tuple[str, Entry]]:
    for number, (_, entries) in enumerate(grid.lines, 1):
        for entry in entries:
            yield f"{grid.label}, line {number}: {entry.label}", entry
