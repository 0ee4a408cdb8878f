"""Names for made-up children: common ones of the region, put together by chance."""

from dataclasses import dataclass
from pathlib import Path

from rulebook.tables import read_table


@dataclass(frozen=True)
class NameRow:
    kind: str
    name: str
    authority: str


def _names(kind: str) -> tuple[str, ...]:
    rows = read_table(Path(__file__).parent / "names.csv", NameRow)
    return tuple(row.name for row in rows if row.kind == kind)


FIRST_GIRLS, FIRST_BOYS, LAST = _names("girl"), _names("boy"), _names("last")
