"""From a file to rows of the own layout, one at a time; every cell is still text."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from enrollment.feed.oneroster import rows_of_oneroster
from enrollment.rules.feed import FeedRefused, check_header, columns

OWN_LAYOUT, ONE_ROSTER = "own", "OneRoster"
AS_WRITTEN = list(range(len(columns())))  # the places of a header in the order of the layout
ENCODING = "The file is not in UTF-8. Export it as “CSV UTF-8 (comma delimited)”."


class FeedLine(NamedTuple):
    """`line` counts from the header, 1. `damaged`: it has more or fewer cells than the header."""

    line: int
    cells: tuple[str, ...]
    damaged: bool = False


def layout_of(file: BinaryIO) -> str:
    file.seek(0)
    return ONE_ROSTER if file.read(2) == b"PK" else OWN_LAYOUT


def read_feed(file: BinaryIO) -> Iterator[FeedLine]:
    """The lines in the order of `columns()`. Raises FeedRefused when the file as a whole is not taken."""
    found = layout_of(file)
    file.seek(0)
    if found == ONE_ROSTER:
        yield from _one_roster(file)
    else:
        _check_end(file)
        yield from _own(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))


def _check_end(file: BinaryIO) -> None:
    """A file that was cut ends in the middle of a line."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 1))
    last = file.read(1)
    file.seek(0)
    if last not in (b"\n", b"\r"):
        raise FeedRefused(
            "The file ends in the middle of a line: it was cut, or the export has not finished."
            " Export it again and send it whole; every line must end with a line break."
        )


def _own(text: io.TextIOWrapper) -> Iterator[FeedLine]:
    reader = csv.reader(text, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        check_header(header)
        places = [header.index(name) if name in header else -1 for name in columns()]
        for line, cells in enumerate(reader, start=2):
            if cells:  # a blank line says nothing
                yield _line(line, cells, len(header), places)
    except UnicodeDecodeError:
        raise FeedRefused(ENCODING) from None
    except csv.Error:
        raise FeedRefused(
            "A quotation mark is opened and never closed, so that lines run into one another,"
            " or a cell is far too long. Export the file again."
        ) from None
    finally:
        text.detach()


def _line(line: int, cells: list[str], wide: int, places: list[int]) -> FeedLine:
    if len(cells) != wide:
        cells = (cells + [""] * wide)[:wide]
        return FeedLine(line, _placed(cells, places), damaged=True)
    return FeedLine(line, _placed(cells, places))


def _placed(cells: list[str], places: list[int]) -> tuple[str, ...]:
    if places == AS_WRITTEN:  # columns that the layout does not know may stand behind
        return tuple(map(str.strip, cells[: len(places)]))
    return tuple([cells[place].strip() if place >= 0 else "" for place in places])


def _one_roster(file: BinaryIO) -> Iterator[FeedLine]:
    try:
        with zipfile.ZipFile(file) as archive:
            for line, row in rows_of_oneroster(archive):
                yield FeedLine(line, tuple(row.get(name, "") for name in columns()))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise FeedRefused("The ZIP file was cut or damaged: it cannot be opened. Export it again.") from None
    except UnicodeDecodeError:
        raise FeedRefused(ENCODING) from None
