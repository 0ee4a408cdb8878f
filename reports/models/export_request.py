"""A large export that a second person decides about before its file is made."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from organizations.models import District
from security.models import User


class Decision(models.TextChoices):
    WAITING = "", "waiting"
    APPROVED = "APPROVED", "approved"
    REFUSED = "REFUSED", "refused"
    WITHDRAWN = "WITHDRAWN", "taken back"


class ExportRequest(models.Model):
    """`district`: whose children leave; None when they are of several, and the state decides.

    `slug` and `query` name the list as it was laid out; `rows` is how many it had then. `words`: why it was
    refused. `job_id` is the job that makes the file.
    """

    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    slug = models.CharField(max_length=40)
    query = models.JSONField(default=dict)
    format = models.CharField(max_length=4)
    bom = models.BooleanField(default=False)
    reason = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    decision = models.CharField(max_length=9, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=200, blank=True)
    job_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision=Decision.APPROVED) | ~Q(decided_by=models.F("asked_by")),
                name="nobody_approves_their_own_export",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided_at=None)
                | ~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_by_somebody_at_a_time",
            ),
        ]

    class Privacy:
        safe = "id asked_by asked_at district slug format bom rows decision decided_by decided_at job_id"
        secret = "query reason words"

    def __str__(self) -> str:
        return f"export request {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("reports:export_request", args=[self.pk])
