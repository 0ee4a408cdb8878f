"""Two texts for one field: without what word processors leave, side by side word by word, and both in one."""

import re
from collections import Counter
from datetime import datetime
from difflib import SequenceMatcher

from django.utils import timezone

from ui.dates import clock
from ui.parts import Version

MOST_PAIRS = 1_000
TOO_LONG_TO_COMPARE = 20_000  # characters; word by word takes quadratic time
WORDS = re.compile(r"\S+\s*|\s+")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain(text: str) -> str:
    """Without control characters; line ends as one character."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def steps_between(a: list[str], b: list[str]) -> list[tuple[str, int, int, int, int]]:
    """How the pieces of one text become those of another, as difflib's opcodes.

    Pieces that stand often in both are no place to begin a match: of a text of one word again and again the
    time would grow with the third power of its length.
    """
    often, of_a = Counter(b), Counter(a)
    common = {piece for piece, many in of_a.items() if many * often[piece] > MOST_PAIRS}
    return SequenceMatcher(common.__contains__, a, b, autojunk=False).get_opcodes()


def both(mine: str, theirs: str) -> str:
    """One text out of two, for the person to edit."""
    return f"{mine}\n\n{theirs}"


def sides(mine: str, theirs: str, their_name: object, their_time: datetime) -> dict[str, Version]:
    """Both versions with the differing words marked."""
    my_pieces, their_pieces = compare(mine, theirs)
    who = f"{their_name}’s text" if their_name else "The other text"
    at = clock(timezone.localtime(their_time))
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
    for tag, a1, a2, b1, b2 in steps_between(a, b):
        mine_pieces.append(("".join(a[a1:a2]), tag != "equal"))
        their_pieces.append(("".join(b[b1:b2]), tag != "equal"))
    return [piece for piece in mine_pieces if piece[0]], [piece for piece in their_pieces if piece[0]]
