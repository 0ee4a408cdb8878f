"""Who may open a file."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from documents.models import Document


def openable_by(user: Any) -> QuerySet[Document]:
    """Own files; and files about a child, of which row-level security shows only those in scope."""
    return Document.objects.filter(Q(owner_id=user.pk) | Q(student_id__isnull=False))


def why_gone(document: Document) -> str | None:
    """A sentence when the file itself is no longer there."""
    if document.keep_until and document.keep_until < timezone.localdate():
        return "This file has expired. Make it again from the page where it came from."
    return None
