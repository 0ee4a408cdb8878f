"""Two texts for one field, as the page shows them side by side; those a person has not ended yet."""

import re
from difflib import SequenceMatcher
from typing import Any

from django.utils import timezone

from ieps.actions.save_text import SET_ASIDE
from ieps.models import Iep, SectionText
from security.models import User
from ui.dates import clock
from ui.parts import Version

TOO_LONG_TO_COMPARE = 20_000  # characters; word by word takes quadratic time
WORDS = re.compile(r"\S+\s*|\s+")


def unresolved(iep: Iep, section: str, user: User) -> dict[str, Any]:
    """By field, the text that was set aside when it was the last thing this person sent."""
    events = SectionText.pgh_event_model.objects.filter(iep_id=iep.pk, section=section, saved_by=user)
    latest = events.order_by("field", "-pgh_id").distinct("field")
    return {event.field: event for event in latest if event.pgh_label == SET_ASIDE}


def both(mine: str, theirs: str) -> str:
    """One text out of two, for the person to edit."""
    return f"{mine}\n\n{theirs}"


def sides(mine: str, theirs: SectionText) -> dict[str, Version]:
    """Both versions with the differing words marked."""
    my_pieces, their_pieces = compare(mine, theirs.text)
    who = f"{theirs.saved_by}’s text" if theirs.saved_by else "The other text"
    at = clock(timezone.localtime(theirs.saved_at))
    return {
        "mine": Version("mine", "Your text", "not saved yet", my_pieces),
        "theirs": Version("theirs", who, f"saved {at}", their_pieces),
    }


def compare(mine: str, theirs: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Pieces of (text, differs) for each side."""
    if max(len(mine), len(theirs)) > TOO_LONG_TO_COMPARE:
        return [(mine, False)], [(theirs, False)]
    a, b = WORDS.findall(mine), WORDS.findall(theirs)
    mine_pieces, their_pieces = [], []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        mine_pieces.append(("".join(a[a1:a2]), tag != "equal"))
        their_pieces.append(("".join(b[b1:b2]), tag != "equal"))
    return [piece for piece in mine_pieces if piece[0]], [piece for piece in their_pieces if piece[0]]
