"""What an evaluation is made of: the areas assessed, and the parts that people have in its team."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

AREAS_CSV = Path(__file__).parent / "areas.csv"
TEAM_PARTS_CSV = Path(__file__).parent / "team_parts.csv"


@dataclass(frozen=True, kw_only=True)
class Area:
    """`required_in`: the state profiles that ask for this area of every child."""

    KEY: ClassVar = ("area",)

    area: str
    name: str
    authority: str
    required_in: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TeamPart:
    KEY: ClassVar = ("part",)

    part: str
    name: str
    authority: str
    note: str = ""


@cache
def areas() -> tuple[Area, ...]:
    return read_table(AREAS_CSV, Area)


@cache
def area(code: str) -> Area | None:
    return next((row for row in areas() if row.area == code), None)


@cache
def team_parts() -> tuple[TeamPart, ...]:
    return read_table(TEAM_PARTS_CSV, TeamPart)


@cache
def team_part(code: str) -> TeamPart | None:
    return next((row for row in team_parts() if row.part == code), None)
