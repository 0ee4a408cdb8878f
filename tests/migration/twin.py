"""Writes records of the sample as a CSV twin."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from migration.package import csv_names
from migration.rules.layout import Field, Format, layouts
from migration.rules.records import record_types
from migration.sample import Record, written


def twin_of(records: Iterable[Record]) -> dict[str, str]:
    """The text of each file by its name."""
    by_type = defaultdict(list)
    for code, values in records:
        by_type[code].append(values)
    return {
        name: _text(layouts()[code][1:], by_type[code])
        for code, name in zip(record_types(), csv_names(), strict=True)
    }


def write_twin(folder: Path, records: Iterable[Record], encoding: str) -> None:
    (folder / "csv").mkdir(parents=True, exist_ok=True)
    for name, text in twin_of(records).items():
        (folder / name).write_bytes(text.encode(encoding))


def _text(fields: tuple[Field, ...], rows: list[dict[str, str]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([field.column for field in fields])
    writer.writerows([[_shown(field, row.get(field.field, "")) for field in fields] for row in rows])
    return file.getvalue()


def _shown(field: Field, value: str) -> str:
    """As the twin writes it: numbers with their zeros, days and times with marks between."""
    if field.format == Format.DAY and len(value) == 8:
        return f"{value[:2]}/{value[2:4]}/{value[4:]}"
    if field.format == Format.INSTANT and len(value) == 14:
        return f"{value[:4]}-{value[4:6]}-{value[6:8]} {value[8:10]}:{value[10:12]}:{value[12:]}"
    return written(field, value)
