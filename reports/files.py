"""Writing a list as CSV or XLSX at constant memory, from a query that the database runs once.

CSV is PostgreSQL's own COPY of the compiled query; XLSX is written from a server-side cursor. Both run in the
transaction, and so in the scope, that the caller has opened.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from django.core.exceptions import EmptyResultSet
from django.db import connection
from rustpy_xlsxwriter import Format, write_worksheet

from reports.cells import Kind
from reports.listing import List, Rows

BLOCK = 64 * 1024  # bytes sent at once
AT_A_TIME = 2_000  # rows fetched at once, and between two reports of progress
UTF8_BOM = b"\xef\xbb\xbf"
WIDTH, NAME_WIDTH = 16, 26  # characters
NOT_IN_A_SHEET = re.compile(r"[\[\]:*?/\\]")
Told = Callable[[int], object]


def nobody(done: int) -> None:
    """Nobody waits to hear how far it is."""


def csv_blocks(found: List, rows: Rows, *, bom: bool = False, told: Told = nobody) -> Iterator[bytes]:
    """The file in blocks: UTF-8, one line a row, the labels first. `told(rows)` hears how far it is."""
    yield (UTF8_BOM if bom else b"") + _labels(found)
    try:
        sql, params = found.cells(rows).query.sql_with_params()
    except EmptyResultSet:
        return
    # The driver's own cursor: Django's wrapper for debugging takes no parameters for COPY.
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", params) as lines,
    ):
        block = bytearray()
        for done, line in enumerate(lines, start=1):
            block += line
            if len(block) >= BLOCK:
                yield bytes(block)
                block.clear()
                told(done)
        yield bytes(block)


def _labels(found: List) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(found.labels)
    return line.getvalue().encode()


def write_xlsx(found: List, rows: Rows, target: BinaryIO | str, *, told: Told = nobody) -> None:
    """One sheet; days are real dates, IDs stay text. `target` is a path or a binary file."""
    if not rows.exists():
        rows, records = rows.none(), iter([dict.fromkeys(found.labels)])
    else:
        records = _records(found, rows, told)
    day = Format().set_num_format("yyyy-mm-dd")
    write_worksheet(
        records,
        target,
        sheet_name=sheet_name(found.title),
        bold_headers=True,
        freeze_row=1,
        column_widths={part.label: _width(part.label) for part in found.in_file},
        column_formats={part.label: day for part in found.in_file if part.kind == Kind.DAY},
        ignore_errors=[part.label for part in found.in_file if part.kind == Kind.TEXT],
    )


def sheet_name(title: str) -> str:
    """As Excel takes it: at most 31 letters, none of them with a meaning in a formula."""
    return NOT_IN_A_SHEET.sub("", title)[:31].rstrip()


def _records(found: List, rows: Rows, told: Told) -> Iterator[dict[str, Any]]:
    labels = found.labels
    sql, params = found.cells(rows).query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        done = 0
        while some := cursor.fetchmany(AT_A_TIME):
            for row in some:
                yield dict(zip(labels, row, strict=True))
            done += len(some)
            told(done)


def _width(label: str) -> int:
    return NAME_WIDTH if "name" in label.lower() or label in ("District", "School", "What") else WIDTH
