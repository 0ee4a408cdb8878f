"""An extract as it was handed over: legser.dat alone, a folder, or a ZIP of that folder.

A folder holds `legser.dat`, or its twin in `csv/`; beside it `attachments/` and `reference/`. Nothing outside
of it is ever read, and a ZIP that would unpack to a bomb is refused.
"""

import hashlib
import stat
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.conf import settings

from migration import refusals
from migration.extract import ExtractRefused
from migration.rules.records import record_types

TEXT, CSV, ATTACHMENTS, PLACES = "legser.dat", "csv", "attachments", "reference"
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
MOST_MEMBERS = 500_000
MOST_TIMES_SMALLER = 300  # blanks of fixed-width text pack about forty times
READ_AT_ONCE = 1 << 20


class Package(ABC):
    """Its files by their names in the folder: `legser.dat`, `csv/students.csv`, `attachments/scan.pdf`."""

    seeks_cheaply = True

    @abstractmethod
    def has(self, name: str) -> bool: ...

    @abstractmethod
    def size(self, name: str) -> int: ...

    @abstractmethod
    def open(self, name: str) -> BinaryIO: ...

    @abstractmethod
    def written_at(self, name: str) -> datetime:
        """Local wall clock, as the freeze."""

    @property
    def is_csv(self) -> bool:
        return not self.has(TEXT)

    def texts(self) -> tuple[str, ...]:
        """The files that hold the records, in the order in which they are read."""
        return csv_names() if self.is_csv else (TEXT,)

    def check_is_extract(self) -> None:
        """Raises ExtractRefused when there is no legser.dat, or its twin lacks a file."""
        if not self.is_csv:
            return
        missing = [name for name in csv_names() if not self.has(name)]
        if len(missing) == len(csv_names()):
            raise ExtractRefused("DQ-001", refusals.nothing_in_it())
        if missing:
            raise ExtractRefused("DQ-001", refusals.csv_missing(missing))

    def digest(self) -> str:
        """SHA-256 of legser.dat; of the twin, that of the list of its files and their SHA-256."""
        digests = {name: self.sha256(name) for name in self.texts()}
        return digests[TEXT] if TEXT in digests else digest_of_many(digests)

    def sha256(self, name: str) -> str:
        with self.open(name) as file:
            return sha256_of(file)

    def attachment(self, name: str) -> str | None:
        """The full name of an attached file, or None when it is not there or its name leads elsewhere."""
        full = f"{ATTACHMENTS}/{name}"
        return full if is_plain(name) and self.has(full) else None


class OneFile(Package):
    """An extract that came alone, such as an upload: no attachments, no places."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def has(self, name: str) -> bool:
        return name == TEXT

    def size(self, name: str) -> int:
        return self.file.seek(0, 2)

    def open(self, name: str) -> BinaryIO:
        self.file.seek(0)
        return cast(BinaryIO, _Lent(self.file))

    def written_at(self, name: str) -> datetime:
        return datetime.now()  # noqa: DTZ005  never asked for: the header tells


class Folder(Package):
    """A folder; or its legser.dat or its csv/ alone, then with what lies beside them."""

    def __init__(self, path: Path) -> None:
        is_csv_itself = path.is_dir() and (path / f"{_first_csv()}.csv").is_file()
        self.base = path.parent if path.is_file() or is_csv_itself else path
        self.text = path if path.is_file() else None if is_csv_itself else path / TEXT
        self.csv = path if is_csv_itself else self.base / CSV

    def has(self, name: str) -> bool:
        path = self._path(name)
        return path is not None and path.is_file()

    def size(self, name: str) -> int:
        return self._there(name).stat().st_size

    def open(self, name: str) -> BinaryIO:
        return self._there(name).open("rb")

    def written_at(self, name: str) -> datetime:
        return datetime.fromtimestamp(self._there(name).stat().st_mtime)  # noqa: DTZ006  local wall clock

    def _path(self, name: str) -> Path | None:
        if name == TEXT:
            return self.text
        folder, _, rest = name.partition("/")
        if not is_plain(rest):
            return None
        place = self.csv if folder == CSV else self.base / folder
        path = place / rest
        return path if path.resolve().parent == place.resolve() else None

    def _there(self, name: str) -> Path:
        path = self._path(name)
        if path is None or not path.is_file():
            raise ExtractRefused("DQ-001", refusals.gone())
        return path


class Archive(Package):
    """A ZIP of the folder, with or without its name. Never unpacked: its members are read as streams."""

    seeks_cheaply = False

    def __init__(self, file: IO[bytes], limit: int) -> None:
        try:
            self.zip = ZipFile(file)
        except (BadZipFile, ValueError, OSError):
            raise ExtractRefused("DQ-001", refusals.broken_zip()) from None
        self.members = _members(self.zip, limit)

    def has(self, name: str) -> bool:
        return name in self.members

    def size(self, name: str) -> int:
        return self.members[name].file_size

    def open(self, name: str) -> BinaryIO:
        return cast(BinaryIO, _Whole(self.zip.open(self.members[name])))

    def written_at(self, name: str) -> datetime:
        return datetime(*self.members[name].date_time)  # noqa: DTZ001  local wall clock


@contextmanager
def opened(file: Path | IO[bytes]) -> Iterator[Package]:
    """The package at a path, or in a file that was uploaded. Raises ExtractRefused."""
    if isinstance(file, Path):
        if not file.exists():
            raise ExtractRefused("DQ-001", refusals.gone())
        if file.is_dir() or not _is_zip(file):
            yield Folder(file)
            return
        with file.open("rb") as content:
            yield Archive(content, _limit())
    else:
        file.seek(0)
        yield Archive(file, _limit()) if file.read(4) in ZIP_MARKS else OneFile(file)


def csv_names() -> tuple[str, ...]:
    return tuple(f"{CSV}/{row.csv_file}.csv" for row in record_types().values())


def sha256_of(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while part := file.read(READ_AT_ONCE):
        digest.update(part)
    return digest.hexdigest()


def digest_of_many(digests: dict[str, str]) -> str:
    listed = "".join(f"{name} {digest}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(listed.encode()).hexdigest()


def is_plain(name: str) -> bool:
    """A name that stays in its folder."""
    return bool(name) and name not in (".", "..") and not set("/\\\0") & set(name)


class _Lent:
    """Somebody else's open file: closing it is theirs."""

    def __init__(self, file: IO[bytes]) -> None:
        self.read, self.readline, self.seek, self.tell = file.read, file.readline, file.seek, file.tell

    def __enter__(self) -> "_Lent":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def close(self) -> None:
        return None


class _Whole:
    """A member of a ZIP, whose bytes are said to be broken in words."""

    def __init__(self, member: IO[bytes]) -> None:
        self.member = member

    def read(self, size: int = -1) -> bytes:
        return _told(lambda: self.member.read(size))

    def readline(self, size: int = -1) -> bytes:
        return _told(lambda: self.member.readline(size))

    def __enter__(self) -> "_Whole":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.member.close()


def _told(reads) -> bytes:
    try:
        return reads()
    except (BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error, LZMAError) as broken:
        raise ExtractRefused("DQ-001", refusals.broken_zip()) from broken


def _members(archive: ZipFile, limit: int) -> dict[str, ZipInfo]:
    """Its files by their names in the folder. Raises ExtractRefused for what no extract does."""
    files = [info for info in archive.infolist() if not info.is_dir()]
    if len(files) > MOST_MEMBERS or sum(info.file_size for info in files) > limit:
        raise ExtractRefused("DQ-001", refusals.zip_too_large())
    for info in files:
        _check_member(info)
    top = _common_folder([info.filename for info in files])
    members = {info.filename.removeprefix(top): info for info in files}
    if len(members) < len(files):
        raise ExtractRefused("DQ-001", refusals.zip_twice())
    return members


def _check_member(info: ZipInfo) -> None:
    path = PurePosixPath(info.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in path.parts[0]:
        raise ExtractRefused("DQ-001", refusals.zip_leads_out())
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ExtractRefused("DQ-001", refusals.zip_leads_out())
    if info.flag_bits & 1:
        raise ExtractRefused("DQ-001", refusals.zip_has_password())
    if info.file_size > MOST_TIMES_SMALLER * max(info.compress_size, 1_000):
        raise ExtractRefused("DQ-001", refusals.zip_too_large())


def _common_folder(names: list[str]) -> str:
    """The one folder that all lies in, as when the folder itself was packed; a Mac adds one of its own."""
    tops = {name.partition("/")[0] for name in names if not name.startswith("__MACOSX/")}
    top = tops.pop() if len(tops) == 1 else ""
    return f"{top}/" if top and top not in (TEXT, CSV, ATTACHMENTS, PLACES) else ""


def _limit() -> int:
    """What a ZIP may unpack to, in bytes."""
    return int(getattr(settings, "ROLLOVER_UNPACKED_LIMIT", 16 * settings.ESER_EXTRACT_LIMIT))


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in ZIP_MARKS


def _first_csv() -> str:
    return next(iter(record_types().values())).csv_file
