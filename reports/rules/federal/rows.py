"""What a row of each table of the federal files is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from organizations.rules.profiles import Profile


class Level(StrEnum):
    STATE = "SEA"
    DISTRICT = "LEA"
    SCHOOL = "SCH"

    @property
    def words(self) -> str:
        return {"SEA": "SEA", "LEA": "LEA", "SCH": "SCHOOL"}[self.value]


class FieldKind(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    LINE_END = "line end"


class About(StrEnum):
    """What a file is made from."""

    COUNT_DAY = "count day"
    EXITS = "exits"
    DISCIPLINE = "discipline"


class Counts(StrEnum):
    CHILDREN = "children"
    EVENTS = "events"


class Zeros(StrEnum):
    """Where rows with the count 0 are written."""

    ALWAYS = "always"
    PK = "where pre-kindergarten is served"
    PK_OR_K = "where pre-kindergarten or kindergarten is served"
    ABOVE_PK = "where grades above pre-kindergarten are served"


class Looks(StrEnum):
    """What an edit check reads; discipline and staff are not recorded here."""

    FILES = "files"
    CHILDREN = "children"
    DISCIPLINE = "discipline"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True)
class Field:
    """Positions count from 1, `end` included. `category`: which category's code stands in it."""

    KEY: ClassVar = ("submission_year", "file_spec", "level", "seq")

    submission_year: int
    file_spec: str
    level: Level
    seq: int
    column: str
    start: int
    end: int
    length: int
    kind: FieldKind
    label: str
    category: str = ""
    authority: str


@dataclass(frozen=True, kw_only=True)
class HeaderField:
    KEY: ClassVar = ("submission_year", "seq")

    submission_year: int
    seq: int
    column: str
    start: int
    end: int
    length: int
    kind: FieldKind
    label: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class CategorySet:
    """`categories` is empty for the education unit total."""

    KEY: ClassVar = ("submission_year", "file_spec", "level", "set")

    submission_year: int
    file_spec: str
    level: Level
    set: str
    name: str
    categories: tuple[str, ...] = ()
    total_indicator: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class Permitted:
    KEY: ClassVar = ("submission_year", "file_spec", "category", "code")

    submission_year: int
    file_spec: str
    category: str
    category_name: str
    code: str
    meaning: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class File:
    """`title`: the words of the file type after the level; empty where they are not known."""

    KEY: ClassVar = ("submission_year", "file_spec")

    submission_year: int
    file_spec: str
    table_type: str
    title: str = ""
    content: str
    kind: About
    levels: tuple[str, ...]
    counts: Counts
    authority: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ZeroRows:
    KEY: ClassVar = ("submission_year", "file_spec", "level")

    submission_year: int
    file_spec: str
    level: Level
    written: Zeros
    authority: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class StateId:
    """How a state calls itself in federal files, and its usual count date."""

    KEY: ClassVar = ("profile",)

    profile: Profile
    postal_code: str
    fips: str
    agency_number: str
    count_month: int
    count_day: int
    authority: str
    note: str = ""

    def count_date(self, year: int) -> date:
        """In the autumn of a calendar year."""
        return date(year, self.count_month, self.count_day)


@dataclass(frozen=True, kw_only=True)
class RaceFlag:
    KEY: ClassVar = ("flag",)

    flag: str
    race: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class NotCounted:
    """Why a child stands in no cell, and what is to be done about it."""

    KEY: ClassVar = ("reason",)

    reason: str
    words: str
    what_to_do: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class EditCheck:
    KEY: ClassVar = ("number",)

    number: int
    title: str
    what: str
    looks_at: Looks
    authority: str
    note: str = ""
