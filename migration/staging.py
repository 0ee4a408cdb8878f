"""Staging: the lines of an extract, copied as they are and then cut into the columns of the layout.

The tables are unlogged and hold one run at a time. A day that is blank, all zeros or all nines is open.
"""

# ruff: noqa: S608  the SQL is built from the tables in rules/, never from what somebody typed

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from django.db.backends.utils import CursorWrapper

from migration.extract import Line
from migration.rules.layout import Field, Format, Required, layouts
from migration.rules.records import RecordType, record_types

PREPARE_SQL = Path(__file__).parent / "checks" / "prepare.sql"
WHOLE = "staging.whole"
LINES_PER_WRITE = 500
UNIQUE_KEYS = ("01", "04", "08")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
# The first of several rows with one key is copy 1; few keys stand twice, so only those are put in order.
NUMBER_COPIES = """
UPDATE {table} t SET copy = n.copy
FROM (SELECT line, row_number() OVER (PARTITION BY key ORDER BY line) AS copy FROM {table}
      WHERE key IN (SELECT key FROM {table} GROUP BY key HAVING count(*) > 1)) n
WHERE n.line = t.line AND n.copy > 1
"""


def prepare(cursor: CursorWrapper) -> None:
    """Empties the staging area and makes its bare tables."""
    cursor.execute(PREPARE_SQL.read_text())
    for code in record_types():
        cursor.execute(
            f"CREATE UNLOGGED TABLE staging.line_{code} PARTITION OF staging.line FOR VALUES IN ('{code}')"
        )


def copy_lines(cursor: CursorWrapper, lines: Iterable[Line]) -> int:
    """Streams lines into `staging.line`, as they are, while they are read; how many."""
    rows, number = map(_copied, lines), 0
    with cursor.copy("COPY staging.line (number, record_type, damaged, raw, original) FROM STDIN") as copy:
        while some := list(islice(rows, LINES_PER_WRITE)):
            copy.write("".join(some))
            number += len(some)
    return number


def cut_into_columns(cursor: CursorWrapper, record_type: RecordType) -> None:
    """Makes the table of one record type, and keeps the keys of its damaged lines."""
    table = f"staging.{record_type.table}"
    cursor.execute(f"ANALYZE staging.line_{record_type.code}")
    cursor.execute(f"CREATE UNLOGGED TABLE {table} AS {_parsed(record_type, 'NOT damaged')}")
    cursor.execute(f"ALTER TABLE {table} ADD copy bigint NOT NULL DEFAULT 1")
    cursor.execute(NUMBER_COPIES.format(table=table))
    cursor.execute(
        f"CREATE UNLOGGED TABLE {table}_damaged AS"
        f" SELECT line, key, {owner_column(record_type) or 'NULL::text'} AS owner"
        f" FROM ({_parsed(record_type, 'damaged')}) d"
    )
    cursor.execute(f"ANALYZE {table}")


def mark_whole(cursor: CursorWrapper) -> None:
    """What is staged half, because its worker was killed, has no such table."""
    cursor.execute(f"CREATE UNLOGGED TABLE {WHOLE} ()")


def owner_column(record_type: RecordType) -> str | None:
    """The column with the key of the record that a row belongs to."""
    return record_types()[record_type.belongs_to].key_columns[0] if record_type.belongs_to else None


def _copied(line: Line) -> str:
    number, kind, damaged, text, original = line
    written = "\\N" if original is None else _escaped(original)
    return f"{number}\t{_escaped(kind)}\t{'t' if damaged else 'f'}\t{_escaped(text)}\t{written}\n"


def _escaped(text: str) -> str:
    """Of millions of lines hardly one has what COPY takes for its own."""
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.translate(_ESCAPES)
    return text


def _parsed(record_type: RecordType, which: str) -> str:
    """Cut, read, judged: each text and each day once."""
    fields = [field for field in layouts()[record_type.code] if field.field != "RECORD_TYPE"]
    cut = _columns((f"substr(raw, {field.start}, {field.length})", field) for field in fields)
    read = _columns((_value(field), field) for field in fields)
    return (
        f"SELECT *, {_key(record_type)} AS key, ({_unreadable(record_type, fields)}) AS unreadable FROM (\n"
        f"SELECT line, {read}, ({_odd_date(fields)}) AS odd_date FROM (\n"
        f"SELECT number AS line, {cut} FROM staging.line_{record_type.code} WHERE {which}) c) v"
    )


def _columns(values: Iterable[tuple[str, Field]]) -> str:
    """The first one, a text in every layout, goes through `once`: see there."""
    (first, field), *others = values
    return ",\n  ".join(
        f"{value} AS {at.column}" for value, at in ((f"staging.once({first})", field), *others)
    )


def _value(field: Field) -> str:
    if field.format == Format.DAY:
        return f"staging.day({field.column})"
    if field.format == Format.INSTANT:
        return f"staging.instant({field.column})"
    if field.field == "TEXT":
        return field.column
    return f"btrim({field.column}, ' ')"


def _key(record_type: RecordType) -> str:
    return " || '|' || ".join(f"coalesce({column}::text, '')" for column in record_type.key_columns)


def _unreadable(record_type: RecordType, fields: list[Field]) -> str:
    """A row without its key, or with a day or time that the layout requires and that is none."""
    dated = (f"{field.column} IS NULL" for field in fields if _must_be_read(field))
    keyed = (f"{field.column} = ''" for field in fields if _is_key(field, record_type))
    return " OR ".join((*keyed, *dated))


def _must_be_read(field: Field) -> bool:
    is_time = field.format in (Format.DAY, Format.INSTANT)
    return is_time and field.required == Required.YES and field.field != "BIRTH_DATE"


def _is_key(field: Field, record_type: RecordType) -> bool:
    return field.column in record_type.key_columns and field.format not in (Format.DAY, Format.INSTANT)


def _odd_date(fields: list[Field]) -> str:
    """An optional day that is written and is none: loaded as blank, and flagged."""
    days = [field for field in fields if field.format == Format.DAY and field.required != Required.YES]
    odd = (f"staging.day({day.column}) IS NULL AND staging.is_written({day.column})" for day in days)
    return " OR ".join(odd) or "false"
