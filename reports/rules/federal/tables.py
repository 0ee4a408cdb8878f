"""The tables of the federal files: layouts, category sets, permitted values, by submission year.

A submission year is that in which the school year ends. A year without rows of its own uses the latest before
it, so that a new year is a new table and nothing else.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from organizations.rules.calendar import school_year_of
from reports.rules.federal.rows import (
    CategorySet,
    EditCheck,
    Field,
    File,
    HeaderField,
    Level,
    NotCounted,
    Permitted,
    RaceFlag,
    StateId,
    ZeroRows,
    Zeros,
)
from rulebook.tables import read_table

HERE = Path(__file__).parent
LAYOUTS_CSV, HEADER_CSV, FILES_CSV = HERE / "layouts.csv", HERE / "header.csv", HERE / "files.csv"
SETS_CSV, VALUES_CSV = HERE / "category_sets.csv", HERE / "permitted_values.csv"
ZEROS_CSV, STATES_CSV, RACES_CSV = HERE / "zero_rows.csv", HERE / "states.csv", HERE / "races.csv"
REASONS_CSV, CHECKS_CSV = HERE / "not_counted.csv", HERE / "edit_checks.csv"
MISSING = "MISSING"


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
