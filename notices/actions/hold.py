"""Take a notice in hand, and what every verb about parents refuses."""

from datetime import date

from django.core.files.base import File
from django.utils import timezone

from documents.actions import store
from documents.rules import FileRefused
from notices.models import Notice
from security.models import User
from security.refusals import RuleBroken, Stale
from ui.dates import in_words

CHANGED_MEANWHILE = (
    "Somebody else changed this notice while you had it open. Nothing of theirs was overwritten. "
    "Look at it as it is now, then do this again."
)
REPLACED = "This notice has been replaced already. Replace the latest one."


def hold(notice: Notice, seen: int | None) -> Notice:
    """The row as it is now, locked for update. Raises Stale when it has moved on since `seen`."""
    rows = Notice.objects.select_for_update(of=("self",)).select_related("student__state", "district")
    fresh = rows.get(pk=notice.pk)
    if seen is not None and seen != fresh.version:
        raise Stale(CHANGED_MEANWHILE)
    return fresh


def refuse_future(day: date, what: str, field: str) -> None:
    if day > timezone.localdate():
        raise RuleBroken(f"The {what} is in the future.", field)


def refuse_before(day: date, earlier: date | None, what: str, than: str, field: str) -> None:
    if earlier and day < earlier:
        raise RuleBroken(f"The {what} is before the {than} of {in_words(earlier)}.", field)


def refuse_empty(text: str, sentence: str, field: str) -> None:
    if not text.strip():
        raise RuleBroken(sentence, field)


def kept_file(file: File | None, kind: str, student_id: int, district_id: int, by: User) -> int | None:
    """The number of the stored file. Raises RuleBroken where the file is not taken."""
    if file is None:
        return None
    try:
        return store(file, kind, by.pk, student_id=student_id, district_id=district_id).pk
    except FileRefused as refusal:
        raise RuleBroken(str(refusal), "file") from None
