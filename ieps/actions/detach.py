"""A file that was added to a draft by mistake is taken out of it."""

from django.db import transaction

from ieps import access
from ieps.actions.hold import hold
from ieps.models import Iep
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken

NOT_THERE = "This file is not in the draft any more."


@transaction.atomic
def detach(*, by: User, iep: Iep, number: int) -> None:
    """`number`: of the attachment. The stored file is kept, as everything that was stored once.

    Raises NotAllowed, RuleBroken.
    """
    iep = hold(iep)
    access.check_may_write(by, iep)
    attachment = iep.attachments.filter(pk=number).first()
    if attachment is None:
        raise RuleBroken(NOT_THERE)
    attachment.delete()
    record(
        "IEP_FILE_REMOVED", f"Took a file out of the {iep.title}", by=by,
        student_id=iep.student_id, district_id=iep.district_id, iep=iep.pk, document=attachment.document_id,
    )  # fmt: skip
