"""The team answers what the transition checklist cannot find in the IEP."""

from django.db import transaction
from django.utils import timezone

from ieps import access
from ieps.models import ChecklistAnswer, Iep, TeamAnswer
from ieps.rules.indicator_13 import items
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken
from students.access import responsible_today
from ui.two_texts import plain


@transaction.atomic
def answer_checklist(*, by: User, iep: Iep, item: str, answer: str, words: str = "") -> ChecklistAnswer:
    """Authority: State Performance Plan, indicator 13. Raises NotAllowed, RuleBroken."""
    access.check_may_answer(by, iep)
    row = next((each for each in items() if each.item == item and each.asks), None)
    if row is None:
        raise RuleBroken("This item is answered by the IEP itself.", "item")
    if answer not in TeamAnswer or (answer == TeamAnswer.NOT_APPLICABLE and not row.may_not_apply):
        raise RuleBroken("Choose one of the answers offered.", "answer")
    said = {
        "student": iep.student, "district": responsible_today(iep.student), "answer": answer,
        "words": plain(words).strip(), "by": by, "at": timezone.now(),
    }  # fmt: skip
    kept, _ = ChecklistAnswer.objects.update_or_create(iep=iep, item=item, defaults=said)
    record(
        "TRANSITION_ANSWERED", f"Answered the transition checklist, {row.number}: {answer}", by=by,
        student_id=iep.student_id, district_id=kept.district_id, iep=iep.pk, item=item,
    )  # fmt: skip
    return kept
