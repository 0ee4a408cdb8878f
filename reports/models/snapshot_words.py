"""What was said and done about a snapshot: comments on its cells, corrections taken over."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from organizations.models import District
from reports.models.snapshot import Snapshot
from security.models import User
from students.models import Student

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Comment(models.Model):
    """The explanation of one cell of a one-way subtotal or of the total; the latest one counts."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="comments")
    file = models.CharField(max_length=5)
    set = models.CharField(max_length=3)
    codes = ArrayField(models.CharField(max_length=12), default=list)
    words = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [APPEND_ONLY]

    class Privacy:
        safe = "id snapshot file set codes by at"
        secret = "words"

    def __str__(self) -> str:
        return f"comment {self.pk}"


class Takeover(models.Model):
    """One child of a reopened snapshot as it was frozen before, and as the record says now.

    `before` is empty where the child was not in the snapshot, `after` where it no longer belongs there.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="takeovers")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [APPEND_ONLY]

    class Privacy:
        safe = "id snapshot student district by at"
        secret = "before after"

    def __str__(self) -> str:
        return f"takeover {self.pk}"
