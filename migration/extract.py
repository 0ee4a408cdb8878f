"""Reads a legacy extract of any size as a stream of bytes and refuses one that is not whole (DQ-001 to 003).

Lines come out as cp1252 text, one character per byte, so that the layout's places hold; the five bytes
without a cp1252 character keep their number as a control character. The Social Security number never leaves.
"""

import re
from codecs import charmap_decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from typing import BinaryIO, NamedTuple

from migration import refusals
from migration.rules.layout import (
    HEADER,
    LAYOUT_VERSION,
    SYSTEM,
    TRAILER,
    Field,
    field_of,
    layouts,
    line_lengths,
)

LONGEST_LINE = 4_096
NAMED_LINES = 3
DAMAGED_PER_LINE = 0.001
NUL = "\u2400"
CHARACTERS = NUL + "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(1, 256))
MARKS = {
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"\xef\xbb\xbf": "UTF-8 text",
    b"PK\x03\x04": "a ZIP archive or an Office document",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
}
LEGACY_TYPES = tuple(code for code in layouts() if code not in (HEADER, TRAILER))
_KNOWN = frozenset(LEGACY_TYPES)
_LENGTHS = line_lengths()
_SSN = field_of("01", "SSN_OR_TEMP_ID")
_STUDENT_KEY_END = 11
_DAMAGED_NUMBERS = re.compile(r"(?<=^.{11})[^A-Za-z]+")
_LONG_NUMBERS = re.compile(r"\d{9,}")
_NINE_DIGITS = re.compile(r"\d{9}")


class ExtractRefused(ValueError):
    """The file cannot be loaded; the message says what is wrong and what to do."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule


@dataclass(frozen=True)
class StaffField:
    """A staff ID, in whose place a Social Security number may stand. Until `keys_end` there are keys."""

    field: Field
    masked_as: str
    keys_end: int

    def left_out(self, text: str) -> str:
        if not _NINE_DIGITS.fullmatch(self.field.cut(text).strip()):
            return text
        return _blanked(text, self.field.start, self.field.length, self.masked_as)

    def long_numbers_masked(self, text: str) -> str:
        """Of a damaged line, whose fields are nobody knows where."""
        return _long_numbers_masked(text, self.keys_end)


# A provider who is not known shows as asterisks (DQ-052); a coordinator or user then has no staff ID.
STAFF = {
    "04": StaffField(field_of("04", "COORDINATOR_STAFF_ID"), " ", 20),
    "07": StaffField(field_of("07", "PROVIDER_STAFF_ID"), "*", 11),
    "13": StaffField(field_of("13", "STAFF_ID"), " ", 2),
}


class Line(NamedTuple):
    """One record of the extract: its number in the file, its type, and whether its length is wrong.

    `text` is written as the layout of the fixed-width file says; `original` as it stood in the CSV twin.
    """

    number: int
    record_type: str
    damaged: bool
    text: str
    original: str | None = None


@dataclass
class Extract:
    """An extract while it is read: iterate over `lines()` once; the counts are complete afterwards."""

    file: BinaryIO
    freeze: datetime
    counts: Counter[str] = attribute(default_factory=Counter)
    damaged: int = 0
    first_damaged: list[int] = attribute(default_factory=list)
    looks_utf8: bool = False
    line: int = 0
    trailer: str | None = None
    extracted_at: datetime | None = None
    sponsor: str = ""

    def lines(self) -> Iterator[Line]:
        """Every record between header and trailer. Raises ExtractRefused, at the latest at the end."""
        self.read_header()
        for raw in _lines(self.file):
            self.line += 1
            if self.trailer is not None:
                raise ExtractRefused("DQ-001", refusals.after_trailer(self.line))
            if raw[:2] == TRAILER.encode():
                self.trailer = _decoded(raw)
            else:
                yield self._record(raw)
        self._check_end()

    def read_header(self) -> None:
        """Raises ExtractRefused when the file does not begin as an extract taken after the freeze."""
        raw = next(_lines(self.file), None)
        if raw is None:
            raise ExtractRefused("DQ-001", refusals.empty())
        _check_is_extract(raw)
        self.line = 1
        header = _decoded(raw)
        self.sponsor = field_of(HEADER, "SPONSOR_CODE").cut(header)
        self.extracted_at = _instant(field_of(HEADER, "EXTRACT_TS").cut(header))
        if self.extracted_at < self.freeze:
            raise ExtractRefused("DQ-003", refusals.too_early(self.extracted_at, self.freeze))

    @property
    def records(self) -> int:
        return sum(self.counts.values())

    def _record(self, raw: bytes) -> Line:
        text = _decoded(raw)
        record_type = text[:2]
        damaged = len(raw) != _LENGTHS.get(raw[:2])
        self.counts[record_type] += 1
        if damaged:
            self._note_damage(raw)
        return Line(self.line, record_type, damaged, without_ssn(record_type, damaged, text))

    def _note_damage(self, raw: bytes) -> None:
        self.damaged += 1
        self.looks_utf8 = self.looks_utf8 or _is_utf8_beyond_ascii(raw)
        if len(self.first_damaged) < NAMED_LINES:
            self.first_damaged.append(self.line)

    def _check_end(self) -> None:
        if self.trailer is None:
            raise ExtractRefused("DQ-001", refusals.cut_off(self.line))
        self._check_trailer(self.trailer)
        if self.damaged > DAMAGED_PER_LINE * self.line:
            damage = self.damaged, self.line, self.first_damaged, self.looks_utf8
            raise ExtractRefused("DQ-002", refusals.too_many_damaged(*damage))

    def _check_trailer(self, trailer: str) -> None:
        promised = field_of(TRAILER, "TOTAL_RECORDS").cut(trailer)
        if promised != f"{self.line:09}":
            raise ExtractRefused("DQ-001", refusals.wrong_total(promised, self.line))
        counts = field_of(TRAILER, "COUNTS_01_13").cut(trailer)
        for place, record_type in enumerate(LEGACY_TYPES):
            promised = counts[place * 7 : place * 7 + 7]
            if promised != f"{self.counts[record_type]:07}":
                counted = self.counts[record_type]
                raise ExtractRefused("DQ-001", refusals.wrong_count(record_type, promised, counted))


def as_record(number: int, raw: bytes) -> Line:
    """One line by itself, read as a run reads it: its damage said, its Social Security number left out."""
    record_type, damaged = _decoded(raw[:2]), len(raw) != line_lengths().get(raw[:2])
    return Line(number, record_type, damaged, without_ssn(record_type, damaged, _decoded(raw)))


def promised_lines(file: BinaryIO) -> int:
    """How many lines the trailer at the end of the file promises; 0 when it is not there."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 2 * line_lengths()[TRAILER.encode()]))
    last = _decoded(file.read().rstrip().rpartition(b"\n")[2])
    file.seek(0)
    promised = field_of(TRAILER, "TOTAL_RECORDS").cut(last)
    return int(promised) if last.startswith(TRAILER) and promised.isdigit() else 0


def without_ssn(record_type: str, damaged: bool, text: str) -> str:
    """The line without the student's Social Security number, and without one in a staff field (DQ-052).

    Of a type that the layout does not have, whatever may be such a number.
    """
    if record_type == "01":
        return _DAMAGED_NUMBERS.sub(" ", text) if damaged else _blanked(text, _SSN.start, _SSN.length)
    if staff := STAFF.get(record_type):
        return staff.long_numbers_masked(text) if damaged else staff.left_out(text)
    return text if record_type in _KNOWN else _long_numbers_masked(text, _STUDENT_KEY_END)


def _long_numbers_masked(text: str, keys_end: int) -> str:
    return text[:keys_end] + _LONG_NUMBERS.sub(lambda found: "*" * len(found[0]), text[keys_end:])


def _blanked(text: str, start: int, length: int, with_: str = " ") -> str:
    return text[: start - 1] + with_ * length + text[start - 1 + length :]


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines without their ends; of an endless line only its beginning."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            _skip_rest(file, line)
        yield line.removesuffix(b"\n").removesuffix(b"\r")


def _skip_rest(file: BinaryIO, rest: bytes) -> None:
    while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
        rest = file.readline(LONGEST_LINE)


def _decoded(raw: bytes) -> str:
    return charmap_decode(raw, "strict", CHARACTERS)[0]


def _instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007  local wall clock, as the freeze
    except ValueError:
        raise ExtractRefused("DQ-001", refusals.no_time(text)) from None


def _is_utf8_beyond_ascii(raw: bytes) -> bool:
    try:
        return not raw.isascii() and bool(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _check_is_extract(first: bytes) -> None:
    for mark, kind in MARKS.items():
        if first.startswith(mark):
            raise ExtractRefused("DQ-001", refusals.another_kind(kind))
    if not first.startswith(HEADER.encode()):
        raise ExtractRefused("DQ-001", _without_header(first))
    header = _decoded(first)
    is_whole = len(first) == line_lengths()[HEADER.encode()]
    if not is_whole or field_of(HEADER, "SYSTEM_ID").cut(header).strip() != SYSTEM:
        raise ExtractRefused("DQ-001", refusals.other_header())
    version = field_of(HEADER, "LAYOUT_VERSION").cut(header)
    if version != LAYOUT_VERSION:
        raise ExtractRefused("DQ-001", refusals.other_layout(version, LAYOUT_VERSION))


def _without_header(first: bytes) -> str:
    if len(first) >= LONGEST_LINE:
        return refusals.endless_line()
    if b"," in first or b";" in first:
        return refusals.csv()
    is_record = first[:2].decode("cp1252", "ignore") in LEGACY_TYPES
    return refusals.beginning_missing() if is_record else refusals.no_extract()
