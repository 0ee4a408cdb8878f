"""A file that the legacy system had attached to a student: the line of its index, and the file if it came."""

from django.db import models

from documents.models import Document
from organizations.models import District
from students.models import Student
from students.models.one_child import ONLY_BY_A_MERGE


class LegacyAttachment(models.Model):
    """`document` is empty when the file could not be loaded; `problem` says why (DQ-080)."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="legacy_attachments")
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=80)
    description = models.CharField(max_length=60, blank=True)
    uploaded_on = models.DateField()
    sha256 = models.CharField(max_length=64, help_text="as the index of the legacy system has it")
    problem = models.CharField(max_length=80, blank=True)
    legacy_key = models.CharField(max_length=120, unique=True)
    load_run_id = models.BigIntegerField()

    class Meta:
        ordering = ["-uploaded_on", "pk"]
        triggers = [ONLY_BY_A_MERGE]

    class Privacy:
        safe = "id student district document uploaded_on sha256 problem load_run_id"
        secret = "file_name description legacy_key"

    def __str__(self) -> str:
        return f"legacy attachment {self.pk}"
