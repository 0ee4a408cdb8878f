"""What an IEP said when it became official, and what was put right in it afterwards: kept for good."""

import hashlib
import json
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ieps.models.iep import Iep, IepStatus
from journal.history import keeps_history
from security.models import User

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def sha256_of(content: Any) -> str:
    """Of values that JSON can write, written in one way only."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


class AgreedCopy(models.Model):
    """`content` as ieps.frozen.content_of gives it, on the day on which the IEP became official."""

    iep = models.OneToOneField(Iep, on_delete=models.CASCADE, related_name="agreed")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [APPEND_ONLY]
        verbose_name_plural = "agreed copies"

    class Privacy:
        safe = "id iep sha256 made_by made_at"
        secret = "content"

    def __str__(self) -> str:
        return f"agreed copy of {self.iep_id}"

    @property
    def is_whole(self) -> bool:
        return sha256_of(self.content) == self.sha256


class Correction(models.Model):
    """A slip of the pen in an official IEP: the text as signed stays, this is read in its place."""

    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="corrections")
    section = models.CharField(max_length=12)
    field = models.CharField(max_length=60)
    label = models.CharField(max_length=255)
    before = models.TextField()
    after = models.TextField()
    reason = models.TextField()
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["corrected_at", "pk"]
        triggers = [APPEND_ONLY]

    class Privacy:
        safe = "id iep section field label corrected_by corrected_at"
        secret = "before after reason"

    def __str__(self) -> str:
        return f"correction {self.pk}"


@keeps_history()
class DeleteRequest(models.Model):
    """Asked by one person, decided by another. `was`: the status that a refusal gives back."""

    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="delete_requests")
    was = models.CharField(max_length=20, choices=IepStatus.choices)
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    granted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["iep"], condition=Q(granted=None), name="one_open_delete_request_of_an_iep"
            ),
            models.CheckConstraint(
                condition=Q(granted=None, decided_by=None, decided_at=None)
                | Q(granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="who_decided_a_delete_request_is_known",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")),
                name="nobody_decides_the_own_delete_request",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="decided_is_decided",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.granted IS NOT NULL"),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    class Privacy:
        safe = "id iep was asked_by asked_at granted decided_by decided_at"
        secret = "reason answer"

    def __str__(self) -> str:
        return f"delete request {self.pk}"
