"""Which files are taken: told by their first bytes, never by their name alone."""

from dataclasses import dataclass
from pathlib import PurePath

ENOUGH = 4_096  # bytes from the beginning that tell what a file is
MEGABYTE = 1024 * 1024
EXTRACT = "extract"


class FileRefused(ValueError):
    """The file is not taken; the message says why and what to send instead."""


@dataclass(frozen=True)
class FileType:
    """`begins` is what the first bytes must be; empty for plain text."""

    content_type: str
    begins: tuple[bytes, ...] = ()


ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": FileType("application/pdf", (b"%PDF-",)),
    "jpg": FileType("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": FileType("image/jpeg", (b"\xff\xd8\xff",)),
    "png": FileType("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "docx": FileType(f"{OFFICE}.wordprocessingml.document", ZIP),
    "xlsx": FileType(f"{OFFICE}.spreadsheetml.sheet", ZIP),
    "zip": FileType("application/zip", ZIP),
    "csv": FileType("text/csv"),
    "tab": FileType("text/tab-separated-values"),
    "txt": FileType("text/plain"),
    "dat": FileType("text/plain"),
}
TAKEN = "PDF, Word (docx), Excel (xlsx), JPEG, PNG, CSV, TAB, TXT, DAT and ZIP"


def ending(name: str) -> str:
    """The lower-case suffix without its dot."""
    return PurePath(name).suffix.lower().removeprefix(".")


def type_of(name: str, head: bytes) -> FileType:
    """What the file is, when its first bytes agree with its name. Raises FileRefused."""
    suffix = ending(name)
    found = TYPES.get(suffix)
    if found is None:
        raise FileRefused(f"Files of this kind are not taken. Send one of these: {TAKEN}.")
    if not head:
        raise FileRefused("The file is empty. Choose the file again: it may not have been saved yet.")
    if not _agrees(found, head):
        raise FileRefused(
            f"The name ends in .{suffix}, but what is inside is something else."
            f" Save it again as {suffix.upper()}."
        )
    return found


def check_size(size: int, limit: int) -> None:
    """Both in bytes. Raises FileRefused."""
    if size > limit:
        raise FileRefused(
            f"The file has {size / MEGABYTE:,.1f} MB; at most {limit // MEGABYTE:,} MB are taken."
            " Send it in parts, or save it smaller."
        )


def _agrees(found: FileType, head: bytes) -> bool:
    if found.begins:
        return head.startswith(found.begins)
    return b"\0" not in head and not any(head.startswith(b) for known in TYPES.values() for b in known.begins)
