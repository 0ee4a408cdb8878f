"""Another person is the case manager of the IEP from now on."""

from django.db import transaction
from django.utils import timezone

from ieps import access
from ieps.actions.hold import hold
from ieps.models import Iep
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def hand_over(*, by: User, iep: Iep, to: User) -> Iep:
    """`to` becomes its case manager; who wrote which text stays known. Raises NotAllowed, RuleBroken."""
    iep = hold(iep)
    access.check_may_hand_over(by, iep)
    if sentence := access.why_not_manage(to, iep):
        raise RuleBroken(sentence, "to")
    iep.author, iep.modified_at = to, timezone.now()
    iep.save(update_fields=["author", "modified_at"])
    words = f"Handed the {iep.title} over to {to}"
    record(
        "IEP_HANDED_OVER", words, by=by, student_id=iep.student_id, district_id=iep.district_id, iep=iep.pk
    )
    return iep
