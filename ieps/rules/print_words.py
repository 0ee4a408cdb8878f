"""The words of printed forms, prepared for a second language: what has none yet stays in English."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

WORDS_CSV = Path(__file__).parent / "print_words.csv"
ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "es": "English and Spanish"}


@dataclass(frozen=True, kw_only=True)
class Words:
    """Headings and fixed words as they stand in the tables of the form, and in each second language."""

    KEY: ClassVar = ("en",)

    en: str
    authority: str
    es: str = ""


@cache
def _words() -> dict[str, Words]:
    return {row.en: row for row in read_table(WORDS_CSV, Words)}


def in_language(words: str, language: str) -> str:
    """The words in that language, in English where there are none."""
    row = _words().get(words)
    return (getattr(row, language, "") if row else "") or words


def heading(words: str, language: str) -> str:
    """Both languages side by side, because school and parents read the same page."""
    other = in_language(words, language)
    return words if other == words else f"{words} · {other}"
