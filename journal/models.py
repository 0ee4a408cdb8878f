"""The journal: one line per deed, never changed, never deleted."""

import pgtrigger
from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """What happened, to whom, by whom. Holds ids instead of foreign keys: it outlives what it tells of."""

    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True)
    student_id = models.BigIntegerField(null=True)
    district_id = models.BigIntegerField(null=True)
    words = models.CharField(max_length=300)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["student_id", "-at"], name="journal_by_student"),
            models.Index(fields=["district_id", "-at"], name="journal_by_district"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    class Privacy:
        safe = "id at kind actor_id student_id district_id"
        secret = "actor_name words details"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind}"
