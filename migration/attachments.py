"""The files of record type 12: looked at when they are staged (DQ-080), copied when their chunk is loaded.

A file is kept under a name that says nothing and is always the same for the same bytes of the same line, so
that a copy which was interrupted is simply made again.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.backends.utils import CursorWrapper

from documents.rules import ENOUGH, FileRefused, ending, type_of
from migration import refusals
from migration.extract import ExtractRefused
from migration.package import Package, sha256_of

TAKEN = ("pdf", "docx", "jpg", "jpeg", "png")
MISSING = "the file is not in the transfer"
EMPTY = "the file is empty"
OTHER_KIND = "the file is no PDF, Word (docx), JPEG or PNG file"
CHANGED = "the file is not the listed one (its SHA-256 differs)"
READERS, AT_ONCE = 4, 1_000
FOLDER, MAKING = "documents/legacy", ".making"

# ruff: noqa: S608  only our own words are put into the SQL

NOTED = f"""
ALTER TABLE staging.attachment ADD size bigint, ADD content_type text, ADD problem text, ADD stored_name text;
UPDATE staging.attachment a
SET size = f.size, content_type = f.content_type,
    problem = coalesce(f.problem, CASE WHEN f.sha256 <> lower(a.sha256) THEN '{CHANGED}' END),
    stored_name = '{FOLDER}/' || left(md5(a.key || '|' || f.sha256), 2) || '/'
                  || md5(a.key || '|' || f.sha256) || '.' || f.ending
FROM staging.attachment_file f
WHERE f.name = a.file_name
"""


class Looked(NamedTuple):
    """A row of `staging.attachment_file`."""

    name: str
    size: int
    sha256: str
    content_type: str
    ending: str
    problem: str | None


def look(cursor: CursorWrapper, package: Package) -> None:
    """Looks at every file that the index names, and writes beside each line what is wrong with it."""
    cursor.execute("SELECT DISTINCT file_name FROM staging.attachment")
    names = [name for (name,) in cursor.fetchall()]
    cursor.execute(
        "CREATE UNLOGGED TABLE staging.attachment_file"
        " (name text, size bigint, sha256 text, content_type text, ending text, problem text)"
    )
    with cursor.copy("COPY staging.attachment_file FROM STDIN") as copy:
        for looked in _looked(names, package):
            copy.write_row(looked)
    cursor.execute(NOTED)


def copy_files(cursor: CursorWrapper, chunk: int, package: Package) -> None:
    """Copies the files of a chunk into the storage; those that are there already are left alone."""
    cursor.execute(
        "SELECT DISTINCT file_name, stored_name, lower(sha256) FROM staging.attachment_load"
        " WHERE chunk = %s AND problem IS NULL",
        [chunk],
    )
    _copy_all(cursor.fetchall(), package)


def copy_archived(cursor: CursorWrapper, package: Package) -> None:
    """Copies the files of archived lines; the archived record keeps their `stored_name`."""
    cursor.execute(
        "SELECT DISTINCT a.file_name, a.stored_name, lower(a.sha256) FROM staging.attachment a"
        " JOIN staging.attachment_fate f USING (line) WHERE f.fate = 'archived' AND a.problem IS NULL"
    )
    _copy_all(cursor.fetchall(), package)


def remove_half_copies() -> None:
    """What interrupted workers have left behind, when nobody copies any more."""
    for half in Path(default_storage.path(FOLDER)).glob(f"*/*{MAKING}"):
        half.unlink(missing_ok=True)


def _copy_all(names: list[tuple[str, str, str]], package: Package) -> None:
    for name, stored_name, sha256 in names:
        if not default_storage.exists(stored_name):
            _copy(package, name, stored_name, sha256)


def _looked(names: list[str], package: Package) -> Iterator[Looked]:
    """A ZIP is read by one hand only; of a folder several files at once."""
    readers = READERS if package.seeks_cheaply else 1
    with ThreadPoolExecutor(readers) as hands:
        for at in range(0, len(names), AT_ONCE):
            yield from hands.map(lambda name: _look_at(name, package), names[at : at + AT_ONCE])


def _look_at(name: str, package: Package) -> Looked:
    full = package.attachment(name)
    if full is None:
        return Looked(name, 0, "", "", "", MISSING)
    size = package.size(full)
    if not size:
        return Looked(name, 0, "", "", ending(name), EMPTY)
    with package.open(full) as file:
        head = file.read(ENOUGH)
    content_type = _type_of(name, head)
    problem = None if content_type else OTHER_KIND
    return Looked(name, size, package.sha256(full), content_type, ending(name), problem)


def _type_of(name: str, head: bytes) -> str:
    """Empty when the file is none of those that may be attached, whatever it is called."""
    try:
        return type_of(name, head).content_type if ending(name) in TAKEN else ""
    except FileRefused:
        return ""


def _copy(package: Package, name: str, stored_name: str, sha256: str) -> None:
    """Under another name first: what carries the final name is whole, and what the index lists."""
    full = package.attachment(name)
    if full is None:
        raise ExtractRefused("DQ-080", refusals.gone())
    with package.open(full) as file:
        making = default_storage.save(f"{stored_name}{MAKING}", File(file))
    with default_storage.open(making) as copied:
        found = sha256_of(copied)
    if found != sha256:
        default_storage.delete(making)
        raise ExtractRefused("DQ-080", refusals.changed_meanwhile())
    os.replace(default_storage.path(making), default_storage.path(stored_name))
