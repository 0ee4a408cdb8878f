"""What a form of one section sends, saved field by field. Autosave and the Save button come the same way.

The form carries one opaque text of the versions that it shows, such as `@:12 GSI#:7 strengths:3`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ieps.actions import Conflict, choose_text
from ieps.actions.save_text import check_may_save, keep_text
from ieps.models import Iep, SectionText
from ieps.outline import Chapter
from security.models import User
from security.refusals import RuleBroken
from ui.two_texts import both

WHO = "@"
PLACE = "#"
NUMBER = re.compile(r"[0-9]{1,9}")
ANOTHER = (
    "This page was opened by somebody else."
    " Copy the text, or let them sign in again: it is kept on this page."
)
ELSEWHERE = "This text was typed in another section or another IEP. Copy it, and put it where it belongs."


@dataclass
class Saved:
    """`versions` are those of the form afterwards; `conflicts`, sentences of `refused` and texts that were
    `merged` with the change of somebody else by field.
    """

    versions: dict[str, int]
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    merged: dict[str, SectionText] = field(default_factory=dict)
    last: SectionText | None = None

    @property
    def token(self) -> str:
        return token_of(self.versions)


def token_of(versions: Mapping[str, int]) -> str:
    """The text of the form; `@` is the person who opened it, `GSI#` the IEP of this section."""
    return " ".join(f"{key}:{version}" for key, version in sorted(versions.items()))


def place_of(iep: Iep, section: str) -> dict[str, int]:
    """Goes with the versions of a form, which mean nothing elsewhere."""
    return {f"{section}{PLACE}": iep.pk}


def versions_in(token: str) -> dict[str, int]:
    """What cannot be read counts as never seen, so that nothing is overwritten by it."""
    pairs = (part.rpartition(":") for part in token.split())
    return {key: int(version) for key, _, version in pairs if NUMBER.fullmatch(version)}


def opened_by_another(user: User, token: str) -> bool:
    """A page left open is not saved in the name of whoever signs in next."""
    return versions_in(token).get(WHO, user.pk) != user.pk


def check_is_here(iep: Iep, section: str, token: str) -> None:
    """What was typed in one place is not written in another. Raises RuleBroken."""
    told = {key: number for key, number in versions_in(token).items() if key.endswith(PLACE)}
    if told and told != place_of(iep, section):
        raise RuleBroken(ELSEWHERE)


def save_each(by: User, iep: Iep, section: str, typed: Mapping[str, str], token: str) -> Saved:
    """Save these fields of a section; trouble with one does not keep the others from being saved.

    Raises NotAllowed, RuleBroken, TakenOut where nothing can be saved.
    """
    check_is_here(iep, section, token)
    if typed:
        check_may_save(by, iep, section)
    saved = Saved(versions_in(token))
    for key in typed:
        _save_one(saved, by, iep, section, key, typed[key])
    return saved


def _save_one(saved: Saved, by: User, iep: Iep, section: str, key: str, text: str) -> None:
    seen = saved.versions.get(key, 0)
    try:
        stored = keep_text(by=by, iep=iep, section=section, field=key, text=text, version=seen)
    except Conflict as conflict:
        saved.conflicts[key] = conflict
    except RuleBroken as broken:
        saved.refused[key] = str(broken)
    else:
        saved.versions[key], saved.last = stored.version, stored
        if stored.merged_with:
            saved.merged[key] = stored


def save_fields(by: User, iep: Iep, chapter: Chapter, typed: Mapping[str, str], token: str) -> Saved:
    """As `save_each`, of a whole form: what is no field of the section is left out.

    Raises RuleBroken too when a field was refused; the others are saved then.
    """
    fields = {key: text for key, text in typed.items() if chapter.entry(key)}
    saved = save_each(by, iep, chapter.section, fields, token)
    if saved.refused:
        raise RuleBroken(" ".join(dict.fromkeys(saved.refused.values())))
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
