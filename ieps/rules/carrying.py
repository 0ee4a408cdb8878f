"""What is never taken over from an earlier IEP: days, consents, and what each meeting decides anew."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

NEVER_CSV = Path(__file__).parent / "never_copied.csv"


@dataclass(frozen=True, kw_only=True)
class NeverCopied:
    """`field` as the form names it; a table with its lines, one column as "participants.attended"."""

    KEY: ClassVar = ("section", "field")

    section: str
    field: str
    why: str
    authority: str


@cache
def never_copied() -> frozenset[tuple[str, str]]:
    return frozenset((row.section, row.field) for row in read_table(NEVER_CSV, NeverCopied))
