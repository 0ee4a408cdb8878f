"""The extract read again, because staging is temporary and the file is kept."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from migration.extract import LONGEST_LINE, Extract, Line, as_record
from migration.rules.layout import Format, layouts
from migration.rules.records import RecordType, record_types


def every_line(file: BinaryIO, freeze: datetime) -> Iterator[Line]:
    """All records of an extract that was read before, from its beginning."""
    yield from Extract(file, freeze).lines()


def line_at(file: BinaryIO, number: int) -> tuple[Line, int] | None:
    """The record at a line of the file, and which copy of its key it is, from 1; None for no record."""
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
