"""Take an IEP in hand: nobody else moves it on until the end of the transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction

from ieps.access import NO_DRAFT
from ieps.models import Iep
from security.refusals import RuleBroken

GONE = "This IEP is not there any more: its draft was discarded."


def hold(iep: Iep) -> Iep:
    """The row as it is now, locked for update, with its child and what it amends at hand. Raises RuleBroken.

    Whoever writes in the draft meanwhile waits in the database (models/only_drafts.py).
    """
    rows = Iep.objects.select_for_update(of=("self",)).select_related("student__state", "district", "amends")
    held = rows.filter(pk=iep.pk).first()
    if held is None:
        raise RuleBroken(GONE)
    return held


def hold_with_texts(iep: Iep, **texts: str) -> Iep:
    """As `hold`, for a verb that changes these texts too: those first, in the order of whoever saves one."""
    list(iep.texts.filter(**texts).order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    return hold(iep)


@contextmanager
def while_a_draft(iep: Iep) -> Iterator[None]:
    """A transaction in which the draft is written in; what the database refuses because the IEP was made
    official or discarded in this moment is said in a sentence. Raises RuleBroken.
    """
    try:
        with transaction.atomic():
            yield
    except DatabaseError as refused:
        now = Iep.objects.filter(pk=iep.pk).values_list("status", flat=True).first()
        if now == "DRAFT":
            raise
        raise RuleBroken(NO_DRAFT if now else GONE) from refused
