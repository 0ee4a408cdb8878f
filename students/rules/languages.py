"""Home languages by their codes."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

LANGUAGES_CSV = Path(__file__).parent / "languages.csv"


@dataclass(frozen=True)
class LanguageRow:
    KEY: ClassVar = ("code",)

    code: str
    name: str
    authority: str


@cache
def languages() -> dict[str, str]:
    """Name of each language by its code in small letters."""
    return {row.code: row.name for row in read_table(LANGUAGES_CSV, LanguageRow)}


def language_name(code: str) -> str:
    """ "Spanish"; a code that no table knows as it is."""
    return languages().get(code.lower(), code)
