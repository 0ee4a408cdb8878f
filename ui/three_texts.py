"""Two people changed one text: both changes in one, where they lie apart.

A change is a stretch of words. What neither touched stays between the changes of the two, so that no word of
either is lost; where the changes meet, or one of the two wrote the text anew, a person has to choose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from os.path import commonprefix

from ui.two_texts import TOO_LONG_TO_COMPARE, steps_between

WORDS = re.compile(r"\s*\S+|\s+")  # with the space before: who goes on at the end changes no word
LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST_LINES = 2_000
STAYS = 0.5  # of the text that both began with: with less it was written anew


@dataclass(frozen=True, order=True)
class Change:
    """The pieces of the first text from `start` up to `end` became `text`."""

    start: int
    end: int
    text: str

    def meets(self, other: "Change") -> bool:
        return self.start <= other.end and other.start <= self.end and self != other


def merged(base: str, mine: str, theirs: str) -> str | None:
    """`mine` and `theirs` were both made from `base`; None where somebody has to choose."""
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    texts = (base, mine, theirs)
    pieces = WORDS if max(map(len, texts)) <= TOO_LONG_TO_COMPARE else LINES
    first, one, other = (pieces.findall(text) for text in texts)
    if pieces is LINES and max(map(len, (first, one, other))) > MOST_LINES:
        return None
    here, there = changes(first, one), changes(first, other)
    if _is_new(first, here) or _is_new(first, there) or _meet(here, there):
        return None
    return "".join(_together(first, sorted({*here, *there})))


def is_within(text: str, longer: str) -> bool:
    """Was `text` only added to, in one place?"""
    same = len(commonprefix([text, longer]))
    return longer[same:].endswith(text[same:])


def changes(first: list[str], then: list[str]) -> list[Change]:
    """In the order of the text."""
    steps = steps_between(first, then)
    return [Change(a, b, "".join(then[c:d])) for tag, a, b, c, d in steps if tag != "equal"]


def _is_new(first: list[str], made: list[Change]) -> bool:
    gone = sum(change.end - change.start for change in made)
    return len(first) - gone < STAYS * len(first)


def _meet(here: list[Change], there: list[Change]) -> bool:
    return any(mine.meets(theirs) for mine in here for theirs in there)


def _together(first: list[str], every: list[Change]) -> Iterator[str]:
    done = 0
    for change in every:
        yield from first[done : change.start]
        yield change.text
        done = change.end
    yield from first[done:]
