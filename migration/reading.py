"""Reads the records of a package, whichever way they are written, and watches that it is still the same."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from migration import refusals
from migration.csv_twin import CsvExtract
from migration.extract import Extract, ExtractRefused, Line, promised_lines
from migration.package import TEXT, Package


class Reading:
    """One pass over the records. `line` tells how far it is, of `promised` lines (0: not known)."""

    def __init__(self, package: Package, freeze: datetime, sha256: str) -> None:
        self.package, self.freeze, self.sha256 = package, freeze, sha256
        self.extract: Extract | CsvExtract | None = None
        self.promised = 0

    @property
    def line(self) -> int:
        return self.extract.line if self.extract else 0

    def lines(self) -> Iterator[Line]:
        """Raises ExtractRefused, at the latest at the end, when the file has changed since `sha256`."""
        self.package.check_is_extract()
        if self.package.is_csv:
            self.extract = CsvExtract(self.package)
            yield from self.extract.lines()
            self._check_same("The CSV twin", self.extract.sha256)
        else:
            yield from self._fixed_width()

    def _fixed_width(self) -> Iterator[Line]:
        with self.package.open(TEXT) as file:
            if self.package.seeks_cheaply:
                self.promised = promised_lines(file)
            hashed = _Hashed(file)
            self.extract = Extract(hashed, self.freeze)  # type: ignore[arg-type]
            yield from self.extract.lines()
        self._check_same("legser.dat", hashed.digest.hexdigest())

    def _check_same(self, name: str, found: str) -> None:
        if found != self.sha256:
            raise ExtractRefused("DQ-001", refusals.changed(name))


def extracted_at(package: Package, freeze: datetime) -> datetime:
    """By the header. Raises ExtractRefused when the package does not begin as an extract after the freeze."""
    package.check_is_extract()
    if package.is_csv:
        twin = CsvExtract(package)
        twin.read_header()
        return twin.extracted_at
    with package.open(TEXT) as file:
        extract = Extract(file, freeze)
        extract.read_header()
    assert extract.extracted_at
    return extract.extracted_at


class _Hashed:
    """Every byte that is read line by line goes into the digest."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def readline(self, size: int = -1) -> bytes:
        line = self.file.readline(size)
        self.digest.update(line)
        return line
