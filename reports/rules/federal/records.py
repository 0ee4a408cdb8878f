"""Writes records as the layout says: with commas, with tabs, or each field at its position.

Fillers stay as empty fields. Text is written from the left, a number of a fixed record from the right
(interpretation: no source says which). Nothing is quoted, so separators are taken out of what people wrote.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, partial
from typing import Any, NamedTuple

from organizations.rules.calendar import school_year_of
from reports.rules.federal.cells import Codes, Row
from reports.rules.federal.rows import CategorySet, FieldKind, Level, StateId
from reports.rules.federal.tables import file_of, header, layout, submission_year

NAME_LENGTH, EXPLANATION_LENGTH = 25, 200
END = "\n"
Fields = Mapping[str, str]


class Form(StrEnum):
    CSV = "csv"
    TAB = "tab"
    FIXED = "txt"


SEPARATORS = {Form.CSV: ",", Form.TAB: "\t"}


@dataclass(frozen=True)
class FileOf:
    """Which file: the specification, the level, the state, the count day or last day, the form."""

    spec: str
    level: Level
    state: StateId
    day: date
    form: Form
    version: int = 1

    @property
    def year(self) -> int:
        return submission_year(self.day)

    @property
    def table_type(self) -> str:
        return file_of(self.spec, self.year).table_type

    @property
    def name(self) -> str:
        """25 characters with the extension: `LALEAIDEADISABv000001.csv`; the version fills what is left."""
        start, end = f"{self.state.postal_code}{self.level}{self.table_type}v", f".{self.form}"
        return f"{start}{self.version:0{NAME_LENGTH - len(start) - len(end)}}{end}"

    @property
    def file_type(self) -> str:
        """ "LEA CHILDREN WITH DISABILITIES"; blank where the words are not known."""
        title = file_of(self.spec, self.year).title
        return f"{self.level.words} {title}" if title else ""

    @property
    def period(self) -> str:
        """ "2026-2027"."""
        year = school_year_of(self.day)
        return f"{year.first_day.year}-{year.last_day.year}"


class Place(NamedTuple):
    """Whose records: both empty for the state, the school's only in a file of schools."""

    district: str = ""
    school: str = ""


def clean(words: str) -> str:
    """Without what would end a field or a line, and no longer than an explanation may be."""
    plain = words.replace(",", ";").replace('"', "'")
    return " ".join(plain.split())[:EXPLANATION_LENGTH]


def header_line(file: FileOf, records: int, identifier: str) -> str:
    fields = {
        "FileType": file.file_type, "TotalRecordsInFile": str(records), "FileName": file.name,
        "FileIdentifier": identifier, "FileReportingPeriod": file.period,
    }  # fmt: skip
    return _written(header(file.year), fields, file.form)


Explained = Callable[[Place, Row], str]
# What differs between records of one combination, in the order in which it stands in every layout.
HOLES = ("FileRecordNumber", "StateLEAIDNumber", "StateSchoolIDNumber", "Explanation", "Amount")


def lines(
    file: FileOf, rows: Iterable[tuple[Place, Row]], explained: Explained | None = None
) -> Iterator[str]:
    """One line a record, numbered from 1. What is the same for a combination is written once and kept."""
    of_place = {Level.STATE: 0, Level.DISTRICT: 1, Level.SCHOOL: 2}[file.level]
    of_set = cache(partial(_pattern, file))
    known: dict[tuple[str, Codes], str] = {}
    for number, (place, row) in enumerate(rows, start=1):
        key = row.set.set, row.codes
        record = known.get(key) or known.setdefault(key, of_set(row.set).with_codes(row.codes))
        words = explained(place, row) if explained else ""
        yield record % (number, *place[:of_place], words, row.n)


@dataclass(frozen=True)
class Pattern:
    """A record of a category set, cell by cell: `%s` for each of HOLES, of a fixed record with its width.

    `codes`: at which cell, and in which column, the code of each category of the set stands.
    """

    form: Form
    cells: Sequence[str]
    codes: Sequence[tuple[int, Any]]

    def with_codes(self, codes: Codes) -> str:
        cells = list(self.cells)
        for (place, column), code in zip(self.codes, codes, strict=True):
            cells[place] = _cell(column, code, self.form)
        return _joined(cells, self.form)


def _pattern(file: FileOf, row: CategorySet) -> Pattern:
    columns = [c for c in layout(file.spec, file.level, file.year) if c.kind is not FieldKind.LINE_END]
    fields = {
        "FIPSStateCode": file.state.fips, "StateAgencyNumber": file.state.agency_number,
        "TableTypeAbbrv": file.table_type, "TotalIndicator": row.total_indicator,
    }  # fmt: skip
    places = {column.category: (place, column) for place, column in enumerate(columns) if column.category}
    cells = [
        _hole(c, file.form) if c.column in HOLES else _cell(c, fields.get(c.column, ""), file.form)
        for c in columns
    ]
    return Pattern(file.form, cells, [places[category] for category in row.categories])


def _hole(column: Any, form: Form) -> str:
    if form is not Form.FIXED:
        return "%s"
    return f"%{column.length}s" if column.kind is FieldKind.NUMBER else f"%-{column.length}s"


def _written(columns: Sequence[Any], fields: Fields, form: Form) -> str:
    """A record with its line end; a value that is too long for its field is refused."""
    written = [column for column in columns if column.kind is not FieldKind.LINE_END]
    return _joined([_cell(column, fields.get(column.column, ""), form) for column in written], form)


def _joined(cells: Sequence[str], form: Form) -> str:
    return SEPARATORS.get(form, "").join(cells) + END


def _cell(column: Any, value: str, form: Form) -> str:
    if form is not Form.FIXED:
        return value
    if len(value) > column.length:
        raise ValueError(f"{column.label} holds {column.length} characters: {value!r} is longer.")
    return value.rjust(column.length) if column.kind is FieldKind.NUMBER else value.ljust(column.length)
