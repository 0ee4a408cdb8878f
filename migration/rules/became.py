"""What a field of the legacy extract became: `became.csv`, shown side by side for each record."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

BECAME_CSV = Path(__file__).parent / "became.csv"
LEGACY_WORDS_CSV = Path(__file__).parent / "legacy_words.csv"


@dataclass(frozen=True)
class BecameRow:
    """`attribute`: of the live record, through dots, `text:goal` a text of an IEP's line; none: the field
    is not kept, `note` says why.
    """

    KEY: ClassVar = ("record_type", "field")

    record_type: str
    field: str
    attribute: str | None
    note: str | None
    authority: str


@cache
def became() -> dict[tuple[str, str], BecameRow]:
    return {(row.record_type, row.field): row for row in read_table(BECAME_CSV, BecameRow)}


@dataclass(frozen=True)
class LegacyWord:
    """What a letter or code of the legacy system means, where the rule book has no code set of it."""

    KEY: ClassVar = ("field", "code")

    field: str
    code: str
    words: str
    authority: str


@cache
def legacy_words() -> dict[tuple[str, str], str]:
    return {(row.field, row.code): row.words for row in read_table(LEGACY_WORDS_CSV, LegacyWord)}
