"""What a section still asks for, as things stand."""

from collections.abc import Iterable, Iterator, Mapping

from ieps.items import Entry, Grid, LineAt
from ieps.rules.conditions import Circumstances, holds


def missing_among(
    items: Iterable[Entry | Grid], line: LineAt | None, texts: Mapping[str, str], now: Circumstances
) -> Iterator[Entry | Grid]:
    """Of the items of one part, those that are required and empty. `texts` of the section, by key."""
    for item in items:
        if isinstance(item, Grid):
            yield from _missing_in(item, texts, now)
        elif not _is_filled(item, texts) and _is_required(item, line, texts, now):
            yield item


def _missing_in(grid: Grid, texts: Mapping[str, str], now: Circumstances) -> Iterator[Entry | Grid]:
    if (
        not grid.lines
        and not texts.get(grid.key)
        and (grid.required or bool(grid.when and holds(grid.when, now)))
    ):
        yield grid
    for _, entries in grid.lines:
        yield from (entry for entry in entries if entry.required and not _is_filled(entry, texts))


def _is_filled(entry: Entry, texts: Mapping[str, str]) -> bool:
    return bool(texts.get(entry.key, "").strip())


def _is_required(entry: Entry, line: LineAt | None, texts: Mapping[str, str], now: Circumstances) -> bool:
    if entry.answers_on:
        key, value = entry.answers_on
        return texts.get(f"{line.pk}.{key}" if line else key, "") == value
    return entry.required or bool(entry.when and holds(entry.when, now))
