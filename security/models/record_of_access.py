"""The record of access (34 CFR 300.614): who looked at which child's record, when, for what purpose."""

import pgtrigger
from django.db import models
from django.utils import timezone


class AccessRecord(models.Model):
    """Append-only. `what` names the kind of page or file, never its content."""

    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey("security.User", on_delete=models.PROTECT, related_name="+")
    student_id = models.BigIntegerField()
    what = models.CharField(max_length=60)
    purpose = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["student_id", "-at"], name="access_by_student")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    class Privacy:
        safe = "id at user student_id what purpose"
        secret = ""

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
