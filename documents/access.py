"""Who may open a file."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from documents.models import Document

# Files about many people, and the permission without which even their owner does not open them any more.
NEEDS = {
    "export": "export",
    "extract": "enter_exit",
    "iep_prints": "view_students",
    "legacy_extract": "run_rollover",
    "staff_file": "grant_access",
}
AGAIN = "Make it again from the page where it came from."

# What a district records, and with which permissions, held there or in the whole state, it is read.
KEEPERS = ("grant_access", "approve_requests", "designate_coordinator")
OF_A_DISTRICT = {
    "security_policy": KEEPERS,
    "removal_procedure": KEEPERS,
    "training": KEEPERS,
    "designation_form": ("grant_access", "designate_coordinator"),
}


def openable_by(user: Any) -> QuerySet[Document]:
    """Own files; what one's district has recorded; and files about a child, of which row-level security
    shows only those in scope."""
    lost = [kind for kind, permission in NEEDS.items() if not user.holds_anywhere(permission)]
    own = Q(owner_id=user.pk) & ~Q(kind__in=lost)
    return Document.objects.filter(own | Q(student_id__isnull=False) | _of_their_districts(user))


def _of_their_districts(user: Any) -> Q:
    found = Q(pk=None)
    for kind, permissions in OF_A_DISTRICT.items():
        for permission in permissions:
            found |= Q(kind=kind) & _within(user, permission)
    return found


def _within(user: Any, permission: str) -> Q:
    return Q() if user.holds_statewide(permission) else Q(district_id__in=user.districts_with(permission))


def why_gone(user: Any, document: Document) -> str | None:
    """A sentence when the file itself is no longer there, or holds more than its owner reaches now."""
    if document.keep_until and document.keep_until < timezone.localdate():
        return f"This file has expired. {AGAIN}"
    lost = user.lost_a_role_at() if document.kind in NEEDS else None
    if lost and document.stored_at < lost:
        return f"A role of yours has ended since this file was made. {AGAIN}"
    return None
