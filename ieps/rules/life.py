"""The life of an IEP: its stages until it is official, the moves of its status, where it stands on a day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from ieps.rules.codes import IepStatus
from rulebook.tables import read_table

HERE = Path(__file__).parent
STAGES_CSV = HERE / "iep_stages.csv"
MOVES_CSV = HERE / "iep_moves.csv"


class Stage(StrEnum):
    """The step that comes next for a draft; OFFICIAL when nothing of the kind is left to do."""

    WRITTEN = "WRITTEN"
    SIGNED = "SIGNED"
    APPROVED = "APPROVED"
    OFFICIAL = "OFFICIAL"


class Move(StrEnum):
    MAKE_OFFICIAL = "make_official"
    AMEND = "amend"
    SUPERSEDE = "supersede"
    ASK_DELETION = "ask_deletion"
    GRANT_DELETION = "grant_deletion"
    REFUSE_DELETION = "refuse_deletion"


class Standing(StrEnum):
    DRAFT = "draft"
    FUTURE = "future"
    CURRENT = "current"
    HISTORICAL = "historical"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True)
class StageRow:
    KEY: ClassVar = ("stage",)

    stage: Stage
    name: str
    who: str
    authority: str
    comes_next: Stage | None = None


@dataclass(frozen=True, kw_only=True)
class MoveRow:
    """`who`: permissions, one of which is needed."""

    KEY: ClassVar = ("move", "from_status", "to_status")

    move: Move
    from_status: str
    to_status: str
    who: tuple[str, ...]
    authority: str


@cache
def stages() -> tuple[StageRow, ...]:
    return read_table(STAGES_CSV, StageRow)


@cache
def moves() -> tuple[MoveRow, ...]:
    return read_table(MOVES_CSV, MoveRow)


@cache
def targets(move: Move, status: str) -> tuple[str, ...]:
    """The statuses that a move leads to from this one; none when it is not possible."""
    return tuple(row.to_status for row in moves() if (row.move, row.from_status) == (move, status))


def stage_of(complete: bool, answered: bool, approved: bool) -> Stage:
    """The first step of a draft that is still to be done."""
    if not complete:
        return Stage.WRITTEN
    if not answered:
        return Stage.SIGNED
    return Stage.OFFICIAL if approved else Stage.APPROVED


def standing_on(
    day: date, status: str, first_day: date | None = None, replaced_from: date | None = None
) -> Standing:
    """By the days: what begins later is future, what another one has replaced by then is historical."""
    if status == IepStatus.DRAFT:
        return Standing.DRAFT
    if status == IepStatus.DELETED:
        return Standing.DELETED
    if status in (IepStatus.AMENDED, IepStatus.SUPERSEDED) or (replaced_from and replaced_from <= day):
        return Standing.HISTORICAL
    return Standing.FUTURE if first_day and first_day > day else Standing.CURRENT
