"""Writing a list as CSV or XLSX at constant memory, from a query that the database runs once.

CSV is PostgreSQL's own COPY of the compiled query; XLSX is written from a server-side cursor. Both run in the
transaction, and so in the scope, that the caller has opened.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from django.core.exceptions import EmptyResultSet
from django.db import connection
from rustpy_xlsxwriter import Format, write_worksheet

from reports.lists.cells import Kind
from reports.lists.listing import List, Rows
from rulebook.formulas import GUARD, RUN_AS_FORMULA

BLOCK = 64 * 1024  # bytes sent at once
AT_A_TIME = 2_000  # rows fetched at once, and between two reports of progress
UTF8_BOM = b"\xef\xbb\xbf"
WIDTH, NAME_WIDTH = 16, 26  # characters
# The first letter of a cell stands behind a comma, a quote or the end of the row before.
MAY_RUN = re.compile(rb'[\n,"][' + re.escape("".join(RUN_AS_FORMULA)).encode() + rb"]")
# Found quickly: dates have a hyphen inside, the others are rare wherever they stand.
MARKS = (b"=", b"+", b"@", b"\t", b"\r", b",-", b'"-', b"\n-")
NOT_IN_A_SHEET = re.compile(r"[\[\]:*?/\\]")
Told = Callable[[int], object]


def nobody(done: int) -> None:
    """Nobody waits to hear how far it is."""


def csv_blocks(found: List, rows: Rows, *, bom: bool = False, told: Told = nobody) -> Iterator[bytes]:
    """The file in blocks: UTF-8, one line a row, the labels first. `told(rows)` hears how far it is."""
    yield (UTF8_BOM if bom else b"") + _labels(found)
    try:
        sql, params = found.cells(rows, guarded=False).query.sql_with_params()
    except EmptyResultSet:
        return
    texts = [part.kind == Kind.TEXT for part in found.in_file]
    # The driver's own cursor: Django's wrapper for debugging takes no parameters for COPY.
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", params) as lines,
    ):
        block, size = [], 0
        for done, line in enumerate(lines, start=1):
            block.append(bytes(line))
            size += len(line)
            if size >= BLOCK:
                yield _guarded(block, texts)
                block, size = [], 0
                told(done)
        yield _guarded(block, texts)


def _guarded(lines: list[bytes], texts: list[bool]) -> bytes:
    """One look at the whole block tells that nearly none has a cell that would run.

    Here and not in the database, since it is done while the database makes the next lines.
    """
    block = b"".join(lines)
    if not any(mark in block for mark in MARKS) and not block.startswith(b"-"):
        return block
    return b"".join(_guarded_line(line, texts) if MAY_RUN.search(b"\n" + line) else line for line in lines)


def _guarded_line(line: bytes, texts: list[bool]) -> bytes:
    """One row, which may hold several lines; only what was typed is guarded."""
    (cells,) = csv.reader(io.StringIO(line.decode(), newline=""))
    return _written(
        GUARD + cell if is_text and cell.startswith(RUN_AS_FORMULA) else cell
        for cell, is_text in zip(cells, texts, strict=True)
    )


def _labels(found: List) -> bytes:
    return _written(found.labels)


def _written(cells: Iterable[str]) -> bytes:
    """A row as the database writes them: quoted only where it must be, a lone carriage return too."""
    return ",".join(map(_quoted, cells)).encode() + b"\n"


def _quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if set(cell) & set(',"\r\n') else cell


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
