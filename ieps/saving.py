"""What a form of one section sends, saved field by field. Autosave and the Save button come the same way.

The form carries one opaque text of the versions that it shows, such as `strengths:3 ACT.narrative:1`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ieps.actions import Conflict, choose_text, save_text
from ieps.models import Iep, SectionText
from ieps.outline import Chapter
from security.models import User
from ui.two_texts import both

WHO = "@"
NUMBER = re.compile(r"[0-9]{1,9}")
ANOTHER = (
    "This page was opened by somebody else."
    " Copy the text, or let them sign in again: it is kept on this page."
)


@dataclass
class Saved:
    """`versions` are those of the form afterwards; `conflicts` by field."""

    versions: dict[str, int]
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    last: SectionText | None = None

    @property
    def token(self) -> str:
        return token_of(self.versions)


def token_of(versions: Mapping[str, int]) -> str:
    """The text of the form, such as `@:12 strengths:3`; `@` is the person who opened it."""
    return " ".join(f"{key}:{version}" for key, version in sorted(versions.items()))


def versions_in(token: str) -> dict[str, int]:
    """What cannot be read counts as never seen, so that nothing is overwritten by it."""
    pairs = (part.rpartition(":") for part in token.split())
    return {key: int(version) for key, _, version in pairs if NUMBER.fullmatch(version)}


def opened_by_another(user: User, token: str) -> bool:
    """A page left open is not saved in the name of whoever signs in next."""
    return versions_in(token).get(WHO, user.pk) != user.pk


def save_fields(by: User, iep: Iep, chapter: Chapter, typed: Mapping[str, str], token: str) -> Saved:
    """Save these fields of a section; a conflict in one does not keep the others from being saved."""
    saved = Saved(versions_in(token))
    for key in typed:
        if chapter.entry(key):
            seen = saved.versions.get(key, 0)
            try:
                text = save_text(
                    by=by, iep=iep, section=chapter.section, field=key, text=typed[key], version=seen
                )
            except Conflict as conflict:
                saved.conflicts[key] = conflict
            else:
                saved.versions[key], saved.last = text.version, text
    return saved


def changed_by_hand(iep: Iep, chapter: Chapter, typed: Mapping[str, str], token: str) -> dict[str, str]:
    """Of a whole form sent with Save: only what differs from the text that it was opened with.

    A field that somebody else changed meanwhile, and this person did not touch, is left as it is.
    """
    seen = versions_in(token)
    before = _texts_at(iep, chapter.section, seen)
    sent = {key: text.replace("\r\n", "\n") for key, text in typed.items() if chapter.entry(key)}
    return {key: text for key, text in sent.items() if text != before.get(key, "")}


def _texts_at(iep: Iep, section: str, versions: Mapping[str, int]) -> dict[str, str]:
    now = {row.field: row for row in iep.texts.filter(section=section)}
    texts = {key: row.text for key, row in now.items() if versions.get(key) == row.version}
    events = SectionText.pgh_event_model.objects.filter(iep_id=iep.pk, section=section)
    for event in events.filter(field__in=[key for key in versions if key not in texts]):
        if versions[event.field] == event.version and event.pgh_label in ("insert", "update"):
            texts[event.field] = event.text
    return texts


def choose(by: User, iep: Iep, section: str, key: str, sent: Mapping[str, str]) -> SectionText:
    """End a conflict as the person chose: theirs, mine, or both in one. Raises Conflict on a third text."""
    told = sent.get(f"{key}_seen", "")
    mine, seen = sent.get(key, ""), int(told) if NUMBER.fullmatch(told) else 0
    stored = iep.texts.filter(section=section, field=key).first()
    theirs = stored.text if stored else ""
    if sent.get(f"{key}_keep") == "both":
        text = both(mine, theirs)
    else:
        text = theirs if sent.get(f"{key}_choice") == "theirs" else mine
    return choose_text(by=by, iep=iep, section=section, field=key, text=text, seen=seen, mine=mine)
