"""The CSV twin of the extract: a file for each record type, cp1252 or UTF-8, read as a stream.

Each record is written as a line of the fixed-width layout, so that the same columns are cut from it; the
record as it stood is kept beside it. A twin has no header and no trailer: what it lacks is told by its files.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime

from migration import refusals
from migration.extract import CHARACTERS, DAMAGED_PER_LINE, NAMED_LINES, NUL, STAFF, ExtractRefused, Line
from migration.package import Package, csv_names, digest_of_many, sha256_of
from migration.rules.layout import Field, Format, layouts
from migration.rules.records import record_types

HEADER_LINE = 1  # numbers as in the fixed-width file, whose first line is the header
LONGEST_RECORD_LINE = 1 << 20
READ_AT_ONCE = 1 << 20
BOM = "\ufeff"
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)")
SSN_LENGTH = 9
_NINE_DIGITS = re.compile(r"\d{9}")


@dataclass
class CsvExtract:
    """The twin while it is read: iterate over `lines()` once; the counts are complete afterwards."""

    package: Package
    counts: Counter[str] = attribute(default_factory=Counter)
    damaged: int = 0
    first_damaged: list[int] = attribute(default_factory=list)
    line: int = HEADER_LINE
    sha256: str = ""

    @property
    def extracted_at(self) -> datetime:
        """When the last of the files was written: a twin does not tell when it was extracted."""
        return max(self.package.written_at(name) for name in csv_names())

    @property
    def records(self) -> int:
        return sum(self.counts.values())

    def read_header(self) -> None:
        """Raises ExtractRefused when a file is missing or has other columns."""
        self.package.check_is_extract()
        for code, name in zip(record_types(), csv_names(), strict=True):
            next(self._rows(name, code, "cp1252"), None)

    def lines(self) -> Iterator[Line]:
        """Every record of every file, in the order of the types. Raises ExtractRefused."""
        digests = {}
        for code, name in zip(record_types(), csv_names(), strict=True):
            digests[name], encoding = self._looked_at(name)
            for values in self._rows(name, code, encoding):
                self.line += 1
                yield self._record(code, values)
        self.sha256 = digest_of_many(digests)
        if self.damaged > DAMAGED_PER_LINE * self.line:
            damage = self.damaged, self.line - HEADER_LINE, self.first_damaged
            raise ExtractRefused("DQ-002", refusals.csv_too_many_damaged(*damage))

    def _looked_at(self, name: str) -> tuple[str, str]:
        """The SHA-256 and the encoding of a file, which has to end with a line's end."""
        with self.package.open(name) as file:
            watched = _Watched(file)
            digest = sha256_of(watched)  # type: ignore[arg-type]
        if not watched.last.endswith((b"\n", b"\r")):
            raise ExtractRefused("DQ-001", refusals.csv_cut_off(name))
        return digest, "utf-8" if watched.is_utf8() else "cp1252"

    def _rows(self, name: str, code: str, encoding: str) -> Iterator[list[str]]:
        """The values of each record in the order of the layout; one that does not fit comes as it stands."""
        with self.package.open(name) as file:
            rows = csv.reader(_text_lines(file, name, encoding))
            try:
                order = _order(next(rows, []), name, code)
                for row in rows:
                    if row:
                        yield [row[place] for place in order] if len(row) == len(order) else row
            except csv.Error:
                raise ExtractRefused("DQ-001", refusals.csv_unreadable(name, rows.line_num)) from None

    def _record(self, code: str, values: list[str]) -> Line:
        fields = _fields(code)
        whole = len(values) == len(fields)
        values = without_ssn(code, values, whole)
        padded = [*values, *[""] * len(fields)]
        written = [_written(field, value) for field, value in zip(fields, padded, strict=False)]
        fits = all(len(value) <= field.length for field, value in zip(fields, written, strict=True))
        self.counts[code] += 1
        damaged = not whole or not fits
        if damaged:
            self._note_damage()
        return Line(self.line, code, damaged, _fixed(code, fields, written), _as_it_stood(values))

    def _note_damage(self) -> None:
        self.damaged += 1
        if len(self.first_damaged) < NAMED_LINES:
            self.first_damaged.append(self.line)


class _Watched:
    """A file that is read once, while its encoding and its end are looked at."""

    def __init__(self, file) -> None:
        self.file, self.last, self.valid = file, b"", True
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def read(self, size: int) -> bytes:
        part = self.file.read(size)
        self.last = part or self.last
        if self.valid:
            try:
                self.decoder.decode(part, final=not part)
            except UnicodeDecodeError:
                self.valid = False
        return part

    def is_utf8(self) -> bool:
        return self.valid


def _text_lines(file, name: str, encoding: str) -> Iterator[str]:
    number = 0
    while raw := file.readline(LONGEST_RECORD_LINE):
        number += 1
        if len(raw) == LONGEST_RECORD_LINE:
            raise ExtractRefused("DQ-001", refusals.csv_endless(name, number))
        yield _decoded(raw, encoding)


def _decoded(raw: bytes, encoding: str) -> str:
    if encoding == "cp1252":
        return codecs.charmap_decode(raw, "strict", CHARACTERS)[0]
    return raw.decode("utf-8").replace("\0", NUL)


def _order(header: list[str], name: str, code: str) -> list[int]:
    """Where each field of the layout stands. Raises ExtractRefused for other columns."""
    columns = [column.strip().lower() for column in header]
    if columns:  # a mark before UTF-8 text, also when it was read as cp1252
        columns[0] = columns[0].removeprefix(BOM).removeprefix("\u00ef\u00bb\u00bf")
    expected = [field.column for field in _fields(code)]
    if sorted(columns) != sorted(expected):
        raise ExtractRefused("DQ-001", refusals.csv_columns(name, expected))
    return [columns.index(column) for column in expected]


def _fields(code: str) -> tuple[Field, ...]:
    return layouts()[code][1:]


def _written(field: Field, value: str) -> str:
    """Days and times as in the fixed-width file; what is neither stays as it is, and is found by a rule."""
    if field.format == Format.DAY and (day := _DAY.fullmatch(value.strip())):
        return f"{day[1]:0>2}{day[2]:0>2}{day[3]}"
    if field.format == Format.INSTANT and (instant := _INSTANT.fullmatch(value.strip())):
        return "".join(instant.groups())
    return value


def _fixed(code: str, fields: tuple[Field, ...], written: list[str]) -> str:
    cut = (value[: field.length].ljust(field.length) for field, value in zip(fields, written, strict=True))
    return code + "".join(cut)


def without_ssn(code: str, values: list[str], whole: bool) -> list[str]:
    """As in the fixed-width file: the number never leaves, wherever it may stand in a damaged record."""
    if code == "01":
        ssn = next(n for n, field in enumerate(_fields(code)) if field.field == "SSN_OR_TEMP_ID")
        if whole:
            return [*values[:ssn], "", *values[ssn + 1 :]]
        return [*values[:1], *(re.sub(r"\d", " ", value) for value in values[1:])]
    if staff := STAFF.get(code):
        masked = (staff.masked_as * SSN_LENGTH).strip() if whole else "*" * SSN_LENGTH
        return [masked if _is_staff_ssn(code, n, value, whole) else value for n, value in enumerate(values)]
    return values


def _is_staff_ssn(code: str, place: int, value: str, whole: bool) -> bool:
    """Of a record that has not its columns: any such number behind the keys."""
    fields, staff = _fields(code), STAFF[code]
    if whole:
        is_staff = fields[place].field == staff.field.field
    else:
        is_staff = place >= sum(field.start < staff.keys_end for field in fields)
    return is_staff and bool(_NINE_DIGITS.fullmatch(value.strip()))


def _as_it_stood(values: list[str]) -> str:
    record = io.StringIO()
    csv.writer(record, lineterminator="").writerow(values)
    return record.getvalue()
