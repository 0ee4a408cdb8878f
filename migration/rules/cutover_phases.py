"""The phases of a rollover, in their order: who acts, and when each has ended."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

CUTOVER_PHASES_CSV = Path(__file__).parent / "cutover_phases.csv"


class CutoverPhase(StrEnum):
    FREEZE = "freeze"
    TRANSFER = "transfer"
    CHECKS = "checks"
    ACCEPTANCE = "acceptance"
    GO_LIVE = "go_live"


@dataclass(frozen=True)
class CutoverPhaseRow:
    """`who` acts in this phase; `ends_when` in words."""

    KEY: ClassVar = ("phase",)

    phase: CutoverPhase
    title: str
    who: str
    ends_when: str
    authority: str


@cache
def cutover_phases() -> dict[CutoverPhase, CutoverPhaseRow]:
    return {row.phase: row for row in read_table(CUTOVER_PHASES_CSV, CutoverPhaseRow)}
