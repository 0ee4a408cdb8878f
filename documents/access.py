"""Who may open a file."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from documents.models import Document

# Files about many children, and the permission without which even their owner does not open them any more.
NEEDS = {"export": "export", "legacy_extract": "run_rollover"}


def openable_by(user: Any) -> QuerySet[Document]:
    """Own files; and files about a child, of which row-level security shows only those in scope."""
    lost = [kind for kind, permission in NEEDS.items() if not user.holds_anywhere(permission)]
    own = Q(owner_id=user.pk) & ~Q(kind__in=lost)
    return Document.objects.filter(own | Q(student_id__isnull=False))


def why_gone(document: Document) -> str | None:
    """A sentence when the file itself is no longer there."""
    if document.keep_until and document.keep_until < timezone.localdate():
        return "This file has expired. Make it again from the page where it came from."
    return None
