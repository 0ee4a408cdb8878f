"""What a person found out about records that are not at the state."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from edfi.access import check_may_work_on
from edfi.models import Trouble, TroubleNote
from security.models import User
from security.refusals import RuleBroken

LONGEST = 1000


@transaction.atomic
def write_note(*, by: User, troubles: Sequence[Trouble], text: str) -> int:
    """Stays with each of them, also when it is cleared. Raises NotAllowed, RuleBroken."""
    check_may_work_on(by, troubles)
    text = text.strip()
    if not text:
        raise RuleBroken("Write what you found out.", "text")
    if len(text) > LONGEST:
        raise RuleBroken(f"A note has at most {LONGEST:,} letters.", "text")
    now = timezone.now()
    TroubleNote.objects.bulk_create(TroubleNote(trouble=row, by=by, at=now, text=text) for row in troubles)
    return len(troubles)
