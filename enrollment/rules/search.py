"""Finding a code by number or by the words people use for it; slips of typing are forgiven."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from enrollment.rules.codes import Code, Kind, codes_for
from organizations.rules.profiles import Profile

LAST = 1000


@dataclass(frozen=True)
class Match:
    """A code that was found. `phrase` is the text that matched (its number, its meaning or a synonym),
    `words` the words within it, as written there."""

    code: Code
    phrase: str
    words: tuple[str, ...]


def find_codes(profile: Profile, kind: Kind, words: str, on: date) -> tuple[Match, ...]:
    """Codes in force on a day of which a number, or words of meaning or synonyms, begin as typed.

    Every typed word must be found. Only when nothing is found exactly are misspelled words tried.
    Nothing typed finds all codes. The best match comes first.
    """
    codes = codes_for(profile, kind, on)
    typed = _words(words)
    if not typed:
        return tuple(Match(code, "", ()) for code in codes)
    return _matches(codes, typed, slips=False) or _matches(codes, typed, slips=True)


def _matches(codes: Iterable[Code], typed: list[str], slips: bool) -> tuple[Match, ...]:
    found = [hit for code in codes if (hit := _match(code, typed, slips))]
    return tuple(match for _, match in sorted(found, key=lambda hit: hit[0]))


def _match(code: Code, typed: list[str], slips: bool) -> tuple[int, Match] | None:
    """The shortest phrase that holds every typed word; else the phrases that hold them between them."""
    hits = {phrase: _hits(typed, phrase, slips) for phrase in (code.code, code.meaning, *code.synonyms)}
    whole = [phrase for phrase in hits if len(hits[phrase]) == len(set(typed))]
    if whole:
        phrase = min(whole, key=lambda text: len(_words(text)))
        return len(_words(phrase)), Match(code, phrase, tuple(hits[phrase].values()))
    return _scattered_match(code, typed, hits)


def _scattered_match(
    code: Code, typed: list[str], hits: dict[str, dict[str, str]]
) -> tuple[int, Match] | None:
    first = {word: phrase for phrase in reversed(hits) for word in hits[phrase]}
    if len(first) < len(set(typed)):
        return None
    phrases = tuple(dict.fromkeys(first[word] for word in typed))
    words = tuple(hits[first[word]][word] for word in dict.fromkeys(typed))
    return LAST, Match(code, "; ".join(phrases), words)


def _hits(typed: list[str], phrase: str, slips: bool) -> dict[str, str]:
    return {word: hit for word in typed if (hit := _hit(word, phrase, slips))}


def _hit(typed: str, phrase: str, slips: bool) -> str | None:
    written: str
    for written in re.findall(r"[^\W_]+", phrase):
        word = _fold(written)
        if word.startswith(typed) or (slips and _slips(typed, word) <= _forgiven(typed)):
            return written
    return None


def _forgiven(typed: str) -> int:
    return 0 if len(typed) < 4 or typed.isdigit() else 1 if len(typed) < 8 else 2


@cache
def _slips(typed: str, word: str) -> int:
    """The fewest letters to add, drop, change or swap so that `word` begins with `typed`."""
    before: list[int] = []
    above = list(range(len(word) + 1))
    for i, letter in enumerate(typed, start=1):
        row = [i]
        for j, other in enumerate(word, start=1):
            cost = min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return min(above)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _fold(text))


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
