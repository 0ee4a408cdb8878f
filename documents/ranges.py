"""Parts of a file, so that a download that broke off goes on where it was (RFC 9110, section 14).

Pure: headers in, bytes of the file out. One part at a time: a request for several gets the whole file, which
the standard allows.
"""

import re
from dataclasses import dataclass

ONE_PART = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")


@dataclass(frozen=True)
class Part:
    """From the first to the last byte, both counted from 0 and both inside."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class NoSuchPart(ValueError):
    """The file has no byte of what is asked for."""


def part_asked_for(header: str, condition: str, size: int, etag: str, modified: str) -> Part | None:
    """What the header `Range` asks for of a file of `size` bytes; None for all of it.

    `condition` is the header `If-Range`: the part is given only of the same file as before, known by its
    `etag` or by the very `modified` that was told. Raises NoSuchPart.
    """
    found = ONE_PART.fullmatch(header.strip())
    if found is None or condition and condition not in (etag, modified):
        return None
    first, last, from_the_end = found.groups()
    if from_the_end is not None:
        part = Part(max(size - int(from_the_end), 0), size - 1)
        return _there(part, size, asked=int(from_the_end))
    if last and int(last) < int(first):
        return None
    return _there(Part(int(first), min(int(last) if last else size - 1, size - 1)), size, asked=1)


def _there(part: Part, size: int, *, asked: int) -> Part:
    if part.first >= size or not asked:
        raise NoSuchPart
    return part
