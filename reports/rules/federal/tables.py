"""The tables of the federal files: layouts, category sets, permitted values, by submission year.

A submission year is that in which the school year ends. A year without rows of its own uses the latest before
it, so that a new year is a new table and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

from organizations.rules.calendar import school_year_of
from organizations.rules.profiles import Profile
from rulebook.tables import read_table

HERE = Path(__file__).parent
LAYOUTS_CSV, HEADER_CSV, FILES_CSV = HERE / "layouts.csv", HERE / "header.csv", HERE / "files.csv"
SETS_CSV, VALUES_CSV = HERE / "category_sets.csv", HERE / "permitted_values.csv"
ZEROS_CSV, STATES_CSV, RACES_CSV = HERE / "zero_rows.csv", HERE / "states.csv", HERE / "races.csv"
REASONS_CSV, CHECKS_CSV = HERE / "not_counted.csv", HERE / "edit_checks.csv"
MISSING = "MISSING"


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


class OfAYear(Protocol):
    @property
    def submission_year(self) -> int: ...


Row = TypeVar("Row", bound=OfAYear)


def submission_year(day: date) -> int:
    """The year in which the school year of a day ends."""
    return school_year_of(day).last_day.year


def of_year(rows: Iterable[Row], year: int) -> tuple[Row, ...]:
    """The rows of the latest year up to this one; of the first year for those before it."""
    rows = tuple(rows)
    years = sorted({row.submission_year for row in rows})
    latest = max((each for each in years if each <= year), default=years[0])
    return tuple(row for row in rows if row.submission_year == latest)


@cache
def files(year: int) -> tuple[File, ...]:
    return of_year(read_table(FILES_CSV, File), year)


@cache
def file_of(spec: str, year: int) -> File:
    return next(row for row in files(year) if row.file_spec == spec)


@cache
def layout(spec: str, level: Level, year: int) -> tuple[Field, ...]:
    rows = (r for r in read_table(LAYOUTS_CSV, Field) if (r.file_spec, r.level) == (spec, level))
    return of_year(rows, year)


@cache
def header(year: int) -> tuple[HeaderField, ...]:
    return of_year(read_table(HEADER_CSV, HeaderField), year)


@cache
def sets(spec: str, level: Level, year: int) -> tuple[CategorySet, ...]:
    rows = (r for r in read_table(SETS_CSV, CategorySet) if (r.file_spec, r.level) == (spec, level))
    return of_year(rows, year)


@cache
def permitted(spec: str, category: str, year: int) -> dict[str, str]:
    """Code and meaning, in the order of the table; MISSING is the last."""
    rows = (r for r in read_table(VALUES_CSV, Permitted) if (r.file_spec, r.category) == (spec, category))
    return {row.code: row.meaning for row in of_year(rows, year)}


@cache
def category_name(category: str) -> str:
    rows = read_table(VALUES_CSV, Permitted)
    return next((row.category_name for row in rows if row.category == category), category)


@cache
def zeros(spec: str, level: Level, year: int) -> Zeros:
    rows = (r for r in read_table(ZEROS_CSV, ZeroRows) if (r.file_spec, r.level) == (spec, level))
    return next(iter(of_year(rows, year))).written


@cache
def state_id(profile: str) -> StateId:
    return next(row for row in read_table(STATES_CSV, StateId) if row.profile == profile)


@cache
def race_flags() -> dict[str, str]:
    return {row.flag: row.race for row in read_table(RACES_CSV, RaceFlag)}


@cache
def reasons() -> dict[str, NotCounted]:
    return {row.reason: row for row in read_table(REASONS_CSV, NotCounted)}


@cache
def edit_checks() -> tuple[EditCheck, ...]:
    return read_table(CHECKS_CSV, EditCheck)
