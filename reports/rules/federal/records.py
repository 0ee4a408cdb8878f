"""Writes records as the layout says: with commas, with tabs, or each field at its position.

Fillers stay as empty fields. Text is written from the left, a number of a fixed record from the right
(interpretation: no source says which). Nothing is quoted, so separators are taken out of what people wrote.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from organizations.rules.calendar import school_year_of
from reports.rules.federal.cells import Codes, Row
from reports.rules.federal.tables import (
    FieldKind,
    Level,
    StateId,
    file_of,
    header,
    layout,
    submission_year,
)

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


@dataclass(frozen=True)
class Place:
    """Whose records: both empty for the state, the school's of a district only in a file of schools."""

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


def unexplained(place: Place, row: Row) -> str:
    return ""


def lines(
    file: FileOf, rows: Iterable[tuple[Place, Row]], explained: Explained = unexplained
) -> Iterator[str]:
    """One line a record, numbered from 1. What is the same for a combination is written once and kept."""
    columns = layout(file.spec, file.level, file.year)
    known: dict[tuple[str, Codes], Callable[[int, Place, str, int], str]] = {}
    for number, (place, row) in enumerate(rows, start=1):
        key = row.set.set, row.codes
        write = known.get(key) or known.setdefault(key, _writer(file, columns, row))
        yield write(number, place, explained(place, row), row.n)


def _writer(file: FileOf, columns: Sequence[Any], row: Row) -> Callable[[int, Place, str, int], str]:
    """A function for records of one combination: only number, place, explanation and count differ."""
    codes = dict(zip(row.set.categories, row.codes, strict=True))
    fields = {c.column: codes[c.category] for c in columns if codes.get(c.category)} | {
        "FIPSStateCode": file.state.fips, "StateAgencyNumber": file.state.agency_number,
        "TableTypeAbbrv": file.table_type, "TotalIndicator": row.set.total_indicator,
    }  # fmt: skip
    holes = {
        "FileRecordNumber": "\x000\x00", "StateLEAIDNumber": "\x001\x00", "StateSchoolIDNumber": "\x002\x00",
        "Explanation": "\x003\x00", "Amount": "\x004\x00",
    }  # fmt: skip
    if file.form is Form.FIXED:
        return partial(_fixed, columns, fields)
    parts = _written(columns, fields | holes, file.form).replace("{", "{{").replace("}", "}}")
    for hole, name in enumerate(("number", "lea", "school", "words", "n")):
        parts = parts.replace(f"\x00{hole}\x00", f"{{{name}}}")
    filled = parts.format

    def write(number: int, place: Place, words: str, n: int) -> str:
        return filled(number=number, lea=place.district, school=place.school, words=words, n=n)

    return write


def _fixed(columns: Sequence[Any], fields: Fields, number: int, place: Place, words: str, n: int) -> str:
    more = {
        "FileRecordNumber": str(number), "StateLEAIDNumber": place.district,
        "StateSchoolIDNumber": place.school, "Explanation": words, "Amount": str(n),
    }  # fmt: skip
    return _written(columns, {**fields, **more}, Form.FIXED)


def _written(columns: Sequence[Any], fields: Fields, form: Form) -> str:
    """A record with its line end; a value that is too long for its field is refused."""
    written = [column for column in columns if column.kind is not FieldKind.LINE_END]
    if form is not Form.FIXED:
        return SEPARATORS[form].join(fields.get(column.column, "") for column in written) + END
    return "".join(_at_its_place(column, fields.get(column.column, "")) for column in written) + END


def _at_its_place(column: Any, value: str) -> str:
    if len(value) > column.length:
        raise ValueError(f"{column.label} holds {column.length} characters: {value!r} is longer.")
    return value.rjust(column.length) if column.kind is FieldKind.NUMBER else value.ljust(column.length)
