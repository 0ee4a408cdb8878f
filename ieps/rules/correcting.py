"""Which slips of the pen may be put right in an official IEP: texts, and no number or choice in them."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

CORRECTABLE_CSV = Path(__file__).parent / "correctable.csv"
NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
NOTHING = "Nothing was written here when it was agreed: amend the IEP."
SAME = "The text is the same as before."
EMPTY = "A correction does not take a text away: amend the IEP."
NUMBER_CHANGED = (
    "A correction does not change a number: how much, how often and until when were agreed. Amend the IEP."
)


@dataclass(frozen=True, kw_only=True)
class TypeRow:
    KEY: ClassVar = ("type",)

    type: str
    may_be_corrected: bool
    authority: str
    why_not: str = ""


@cache
def types() -> dict[str, TypeRow]:
    return {row.type: row for row in read_table(CORRECTABLE_CSV, TypeRow)}


def may_be_corrected(kind: str) -> bool:
    return types()[kind.partition(":")[0]].may_be_corrected


def why_not_correct(kind: str, before: str, after: str) -> str | None:
    """A sentence when this is no slip of the pen; `kind` is the type of the field."""
    row = types()[kind.partition(":")[0]]
    if not row.may_be_corrected:
        return row.why_not
    if not before.strip():
        return NOTHING
    if not after.strip():
        return EMPTY
    if after == before:
        return SAME
    return None if NUMBERS.findall(before) == NUMBERS.findall(after) else NUMBER_CHANGED
