"""Stored files, known by their SHA-256."""

from django.db import models
from django.utils import timezone


class Document(models.Model):
    """One stored file. Who may open it is decided by whoever attached it (`student_id`, `owner_id`)."""

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    file = models.FileField(upload_to="documents/%Y/%m/", max_length=300)
    student_id = models.BigIntegerField(null=True, db_index=True)
    district_id = models.BigIntegerField(null=True)
    owner_id = models.BigIntegerField(null=True, db_index=True)
    kind = models.CharField(max_length=40)
    stored_at = models.DateTimeField(default=timezone.now)
    keep_until = models.DateField(null=True)

    class Privacy:
        safe = "id content_type size sha256 student_id district_id owner_id kind stored_at keep_until"
        secret = "name file"

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
