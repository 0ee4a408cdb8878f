"""The extract read again, because staging is temporary and the file is kept."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from migration.csv_twin import CsvExtract
from migration.extract import LONGEST_LINE, Line, as_record
from migration.package import TEXT, Package
from migration.reading import Reading
from migration.rules.layout import Format, layouts
from migration.rules.records import RecordType, record_types


def every_line(package: Package, freeze: datetime, sha256: str) -> Iterator[Line]:
    """All records of an extract that a run has read before. Raises ExtractRefused when it has changed."""
    return Reading(package, freeze, sha256).lines()


def line_at(package: Package, number: int) -> tuple[Line, int] | None:
    """The record at a line of the extract, and which copy of its key it is, from 1; None for no record."""
    if package.is_csv:
        return _record_at(package, number)
    with package.open(TEXT) as file:
        return _line_at(file, number)


def _record_at(package: Package, number: int) -> tuple[Line, int] | None:
    """Of the CSV twin, whose records are numbered as the lines of the other way of writing."""
    copies: Counter[tuple[bytes, ...]] = Counter()
    for line in CsvExtract(package).lines():
        key = _key(line.text.encode("cp1252", "replace"))
        copies[key] += 1
        if line.number == number:
            return line, copies[key]
    return None


def _line_at(file: BinaryIO, number: int) -> tuple[Line, int] | None:
    copies: Counter[tuple[bytes, ...]] = Counter()
    raw = b""
    for raw in islice(file, number):
        copies[_key(raw)] += 1
    if copies.total() < number or raw[:2] not in KEYS:
        return None
    return as_record(number, raw.rstrip(b"\r\n")[:LONGEST_LINE]), copies[_key(raw)]


def fields_of(line: Line) -> dict[str, str]:
    """The fields of a readable line, without the blanks around them."""
    fields = (field for field in layouts()[line.record_type] if field.field != "RECORD_TYPE")
    return {field.field: field.cut(line.text).strip(" ") for field in fields}


def key_of(record_type: RecordType, fields: dict[str, str]) -> str:
    """As staging makes it: the parts between bars, days as ISO text."""
    formats = {field.column: field.format for field in layouts()[record_type.code]}
    parts = ((formats[column], fields[column.upper()]) for column in record_type.key_columns)
    return "|".join(iso_day(part) if kind == Format.DAY else part for kind, part in parts)


def iso_day(written: str) -> str:
    return f"{written[4:]}-{written[:2]}-{written[2:4]}" if len(written) == 8 else written


def _key(raw: bytes) -> tuple[bytes, ...]:
    return (raw[:2], *(raw[place] for place in KEYS.get(raw[:2], ())))


def _places(record_type: RecordType) -> tuple[slice, ...]:
    fields = {field.column: field for field in layouts()[record_type.code]}
    key = (fields[column] for column in record_type.key_columns)
    return tuple(slice(field.start - 1, field.start - 1 + field.length) for field in key)


KEYS = {code.encode(): _places(record_type) for code, record_type in record_types().items()}
