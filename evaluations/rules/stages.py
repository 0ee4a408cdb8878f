"""How far an evaluation has come, and what comes next."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

STAGES_CSV = Path(__file__).parent / "stages.csv"


class Stage(StrEnum):
    REFERRED = "REFERRED"
    CONSENT_REQUESTED = "CONSENT_REQUESTED"
    CONSENT_REFUSED = "CONSENT_REFUSED"
    CONSENT_RECEIVED = "CONSENT_RECEIVED"
    MET = "MET"
    DETERMINED = "DETERMINED"
    LOCKED = "LOCKED"
    ENDED = "ENDED"


@dataclass(frozen=True, kw_only=True)
class StageRow:
    """`without_consent`: what comes next where the type of evaluation asks for no consent."""

    KEY: ClassVar = ("stage",)

    stage: Stage
    name: str
    authority: str
    comes_next: Stage | None = None
    without_consent: Stage | None = None


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What has happened. `determines`: is the outcome a determination? None while there is no outcome."""

    asked: bool = False
    refused: bool = False
    consented: bool = False
    met: bool = False
    determines: bool | None = None
    locked: bool = False


@cache
def stages() -> tuple[StageRow, ...]:
    return read_table(STAGES_CSV, StageRow)


@cache
def row_of(stage: Stage) -> StageRow:
    return next(row for row in stages() if row.stage == stage)


def stage_of(reached: Reached) -> Stage:
    """The last stage reached; what happened later decides."""
    later_first = (
        (reached.locked, Stage.LOCKED),
        (reached.determines is False, Stage.ENDED),
        (reached.determines is True, Stage.DETERMINED),
        (reached.met, Stage.MET),
        (reached.consented, Stage.CONSENT_RECEIVED),
        (reached.refused, Stage.CONSENT_REFUSED),
        (reached.asked, Stage.CONSENT_REQUESTED),
    )
    return next((stage for happened, stage in later_first if happened), Stage.REFERRED)


def next_of(stage: Stage, needs_consent: bool) -> Stage | None:
    """The stage to come; None when there is none."""
    row = row_of(stage)
    return row.comes_next if needs_consent else row.without_consent or row.comes_next
