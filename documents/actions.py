"""Storing a file: checked, hashed, kept under a name that says nothing."""

import hashlib
import secrets
from datetime import date

from django.conf import settings
from django.core.files.base import File
from django.utils import timezone

from documents.models import Document
from documents.rules import ENOUGH, EXTRACT, check_size, ending, type_of


def store(
    file: File,
    kind: str,
    owner_id: int | None,
    *,
    student_id: int | None = None,
    district_id: int | None = None,
    keep_until: date | None = None,
) -> Document:
    """Keep the file and return its row. `kind` is a word such as "exit_letter" or "export".

    `keep_until` is its last day; None keeps it. Raises documents.rules.FileRefused with a sentence.
    """
    name = (file.name or "").rsplit("/", 1)[-1]
    check_size(file.size, limit_for(kind))
    file.seek(0)
    found = type_of(name, file.read(ENOUGH))
    document = Document(
        name=name[-200:],
        content_type=found.content_type,
        size=file.size,
        sha256=sha256_of(file),
        student_id=student_id,
        district_id=district_id,
        owner_id=owner_id,
        kind=kind,
        keep_until=keep_until,
    )
    file.seek(0)
    document.file.save(f"{secrets.token_hex(16)}.{ending(name)}", file, save=False)
    document.save()
    return document


def limit_for(kind: str) -> int:
    """The largest size in bytes; extracts of a whole district may be larger than letters."""
    return (
        settings.ESER_EXTRACT_LIMIT
        if kind in (EXTRACT, "export", "iep_prints")
        else settings.ESER_DOCUMENT_LIMIT
    )


def sha256_of(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def remove_expired(today: date | None = None) -> int:
    """Delete the files past their last day that are about no single child; their rows stay. Returns how many.

    What belongs to a child's record is never removed by the clock: retention is decided by a person.
    """
    day = today or timezone.localdate()
    gone = 0
    for document in Document.objects.filter(student_id=None, keep_until__lt=day):
        if document.file.storage.exists(document.file.name):
            document.file.storage.delete(document.file.name)
            gone += 1
    return gone
