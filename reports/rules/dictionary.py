"""What each field of a record means: who enters it, and where it goes."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

DICTIONARY_CSV = Path(__file__).parent / "dictionary.csv"
FEED, LEGACY, SYSTEM = "feed", "legacy", "system"


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """`record` as the app and model name it; `codes`: the slug of a table of the rule book.

    `entered_with`: the permission that enters it, or "feed" (the school's own system), "legacy" (the legacy
    system) or "system" (this one). `edfi`: resource and field of the state's API; `federal`: use in reports.
    """

    KEY: ClassVar = ("record", "field")

    record: str
    field: str
    meaning: str
    codes: str = ""
    entered_with: str
    edfi: str = ""
    federal: str = ""
    authority: str


@cache
def meanings() -> tuple[Meaning, ...]:
    return read_table(DICTIONARY_CSV, Meaning)
