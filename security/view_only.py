"""View-only mode as the program meets it: the sentence of the database, and where it is read from an error.

The database refuses (migration 0003, docs/adr/0014); pages, API and tasks ask here what it said.
"""

from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone

from security.models import ViewOnly

SQLSTATE = "ES423"  # of our own: no other error of the database has it


def refusal_in(exception: BaseException | None) -> str:
    """The sentence, when this error or one behind it is the refusal of a guarded table; else ''."""
    while exception is not None:
        behind = exception.__cause__
        if isinstance(exception, DatabaseError) and getattr(behind, "sqlstate", None) == SQLSTATE:
            return str(behind.diag.message_primary)  # type: ignore[union-attr]
        exception = behind or exception.__context__
    return ""


def sentence_now(at: datetime | None = None) -> str:
    """What is told to whoever would write now; '' while everybody may."""
    span = ViewOnly.objects.not_ended().filter(since__lte=at or timezone.now()).first()
    return span.sentence if span else ""
