"""A file is added to a draft, by what kind of document it is."""

from django.core.files.base import File
from django.db import transaction

from documents.actions import store
from ieps import access
from ieps.actions.hold import hold
from ieps.models import Attachment, AttachmentKind, Iep
from journal.actions import record
from security.models import User


@transaction.atomic
def attach(*, by: User, iep: Iep, kind: str, file: File) -> Attachment:
    """`kind` of AttachmentKind. Raises NotAllowed, RuleBroken, documents.rules.FileRefused."""
    iep = hold(iep)
    access.check_may_write(by, iep)
    kept = store(file, "iep_document", by.pk, student_id=iep.student_id, district_id=iep.district_id)
    attachment = Attachment.objects.create(iep=iep, kind=AttachmentKind(kind), document=kept, added_by=by)
    record(
        "IEP_FILE_ADDED", f"Added a file to the {iep.title}", by=by,
        student_id=iep.student_id, district_id=iep.district_id, iep=iep.pk, document=kept.pk,
    )  # fmt: skip
    return attachment
