"""What differs between two IEPs of a child, field by field: as an amendment is printed."""

from dataclasses import dataclass

from ieps.elsewhere import elsewhere_of
from ieps.frozen import printed
from ieps.models import Iep
from ieps.outline import chapters
from ieps.written import written_of

Place = tuple[str, str]
Told = tuple[str, str, str]  # title of the section, label, text


@dataclass(frozen=True)
class Change:
    """`key` is the one of the later IEP, or of the earlier one where the later has no such line."""

    section: str
    title: str
    key: str
    label: str
    before: str
    after: str


def changes_between(earlier: Iep, later: Iep) -> list[Change]:
    """In the order of the form; a line and the one that it was copied from are the same line."""
    before = _told(earlier, {})
    after = _told(later, dict(later.lines.values_list("pk", "came_from")))
    places = [*after, *(place for place in before if place not in after)]
    changes = (_change(place, before.get(place), after.get(place)) for place in places)
    return [change for change in changes if change.before != change.after]


def _change(place: Place, before: Told | None, after: Told | None) -> Change:
    title, label, _ = after or before or ("", "", "")
    return Change(place[0], title, place[1], label, before[2] if before else "", after[2] if after else "")


def _told(iep: Iep, came_from: dict[int, int | None]) -> dict[Place, Told]:
    """Every field as people read it, by the place that it has in both."""
    written, told = written_of(iep), {}
    goals = {str(line): str(origin) for line, origin in came_from.items() if origin}
    for chapter in chapters(written):
        texts = {key: text for (section, key), text in written.texts.items() if section == chapter.section}
        names = {kind: dict(choices) for kind, choices in elsewhere_of(iep, chapter.entries).items()}
        for entry in chapter.entries:
            first, dot, name = entry.key.partition(".")
            key = f"{goals[first]}{dot}{name}" if first in goals else entry.key
            told[chapter.section, key] = (chapter.title, entry.label, printed(entry, texts, names).strip())
    return told
