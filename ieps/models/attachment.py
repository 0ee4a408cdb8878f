"""A file that belongs to an IEP, by what kind of document it is."""

from django.db import models
from django.utils import timezone

from documents.models import Document
from ieps.models.iep import Iep
from ieps.models.only_drafts import ONLY_IN_A_DRAFT
from security.models import User


class AttachmentKind(models.TextChoices):
    K2_TOOL = "K2TOOL", "Decision tool of the K-2 alternate assessment"
    OTHER = "OTHER", "Another supporting document"


class Attachment(models.Model):
    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=6, choices=AttachmentKind.choices)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "pk"]
        triggers = [ONLY_IN_A_DRAFT]

    class Privacy:
        safe = "id iep kind document added_by added_at"
        secret = ""

    def __str__(self) -> str:
        return f"attachment {self.pk}"
