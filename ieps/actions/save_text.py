"""One field of a draft is saved, every few seconds while somebody types. Nothing typed is ever lost."""

from datetime import datetime, timedelta

from django.utils import timezone

from ieps import access
from ieps.actions.check_out import check_not_taken_out
from ieps.actions.hold import while_a_draft
from ieps.models import Iep, SectionText
from ieps.models.section_text import SET_ASIDE
from ieps.place import check_section, line_at
from ieps.texts import text_held
from security.models import User
from security.refusals import RuleBroken, Stale
from ui.three_texts import is_within, merged
from ui.two_texts import plain

LONGEST = 200_000
TOUCH_EVERY = timedelta(minutes=5)  # the IEP itself keeps history too; every keystroke is kept with the text


class Conflict(Stale):
    """Two texts for one field: `mine` was sent and is kept in the history, `theirs` is what stands."""

    def __init__(self, mine: str, theirs: SectionText) -> None:
        who = theirs.saved_by or "Somebody else"
        super().__init__(f"{who} changed this field while you were typing.", theirs.field)
        self.mine, self.theirs = mine, theirs


def save_text(*, by: User, iep: Iep, section: str, field: str, text: str, version: int) -> SectionText:
    """Keep what was typed over the version that the person saw (0: there was none yet).

    Who goes on with the own last text goes on, though its answer never came (a killed server, a left page).
    Where somebody else changed the text meanwhile, both changes are brought together when they lie apart:
    then `merged_with` says whose the other was. Raises Conflict when they meet: both are kept.
    Raises TakenOut while somebody else has the section alone. Raises NotAllowed, RuleBroken.
    """
    check_may_save(by, iep, section)
    return keep_text(by=by, iep=iep, section=section, field=field, text=text, version=version)


def check_may_save(by: User, iep: Iep, section: str) -> None:
    """Raises NotAllowed, RuleBroken, TakenOut."""
    access.check_may_write(by, iep)
    check_section(iep, section)
    check_not_taken_out(by, iep, section)


def keep_text(*, by: User, iep: Iep, section: str, field: str, text: str, version: int) -> SectionText:
    """As `save_text`, for several fields of a section after one check that the person may save there."""
    text = cleaned(text)
    with while_a_draft(iep):
        stored, is_new = _stored_or_new(iep, section, field, text, by)
        if is_new or stored.text == text:
            return stored
        if stored.version == version or (stored.saved_by_id == by.pk and is_within(stored.text, text)):
            return _write(iep, stored, by, text)
        one = _brought_together(stored, text, version)
        if one is None or one != stored.text:
            set_aside(stored, by, text, version)
        if one is not None:
            stored.merged_with = stored.saved_by
            return stored if one == stored.text else _write(iep, stored, by, one)
    raise Conflict(text, stored)


def choose_text(
    *, by: User, iep: Iep, section: str, field: str, text: str, seen: int, mine: str
) -> SectionText:
    """End a conflict: `text` is the chosen one, over the version `seen`; `mine` stays in the history.

    Raises Conflict when a third text came in meanwhile. Raises NotAllowed, RuleBroken.
    """
    check_may_save(by, iep, section)
    text, mine = cleaned(text), cleaned(mine)
    with while_a_draft(iep):
        stored, is_new = _stored_or_new(iep, section, field, text, by)
        if is_new:
            return stored
        if mine not in (text, stored.text):
            set_aside(stored, by, mine, seen)
        if stored.version == seen:
            return _write(iep, stored, by, text)
        set_aside(stored, by, text, seen)
    raise Conflict(text, stored)


def cleaned(text: str) -> str:
    """Without the control characters that word processors leave; line ends as one character."""
    if len(text) > LONGEST:
        raise RuleBroken(
            f"This text is longer than {LONGEST:,} characters. Shorten it, or attach a document."
        )
    return plain(text)


def set_aside(stored: SectionText, by: User, text: str, version: int) -> None:
    """The text that did not win goes to the history of the field, with its author."""
    SectionText.pgh_event_model.objects.create(
        pgh_label=SET_ASIDE,
        pgh_obj_id=stored.pk,
        id=stored.pk,
        iep_id=stored.iep_id,
        section=stored.section,
        field=stored.field,
        text=text,
        version=version,
        saved_by=by,
        saved_at=timezone.now(),
    )


def _brought_together(stored: SectionText, text: str, version: int) -> str | None:
    """The stored text with the changes of this one; None where they meet, or were not made from one text."""
    saved = SectionText.pgh_event_model.objects.filter(
        iep_id=stored.iep_id, section=stored.section, field=stored.field, version=version,
        pgh_label__in=("insert", "update"),
    )  # fmt: skip
    base = saved.values_list("text", flat=True).last()
    return None if base is None else merged(base, text, stored.text)


def _stored_or_new(iep: Iep, section: str, field: str, text: str, by: User) -> tuple[SectionText, bool]:
    """The text as it stands, held until the end of the transaction; or a first one with these words.

    When two people write the first words in the same moment, the second one finds those of the first.
    """
    if stored := text_held(iep, section, field):
        return stored, False
    place = {"iep": iep, "section": section, "field": field}
    first = {"line": line_at(iep, section, field), "text": text, "saved_by": by, "saved_at": timezone.now()}
    stored, is_new = SectionText.objects.get_or_create(**place, defaults=first)
    if is_new:
        _touch(iep, stored.saved_at)
        return stored, True
    return text_held(iep, section, field) or stored, False


def _write(iep: Iep, stored: SectionText, by: User, text: str) -> SectionText:
    stored.text, stored.saved_by, stored.saved_at = text, by, timezone.now()
    stored.version += 1
    stored.save(update_fields=["text", "saved_by", "saved_at", "version"])
    _touch(iep, stored.saved_at)
    return stored


def _touch(iep: Iep, at: datetime) -> None:
    """Never waits for the row of the IEP: whoever holds it writes in another section."""
    if iep.modified_at >= at - TOUCH_EVERY:
        return
    rows = Iep.objects.filter(pk=iep.pk, modified_at__lt=at - TOUCH_EVERY)
    free = rows.select_for_update(skip_locked=True, no_key=True).values("pk")
    Iep.objects.filter(pk__in=free).update(modified_at=at)
