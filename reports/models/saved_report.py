"""A list as somebody laid it out, kept under a name; made again by itself where that was chosen."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from organizations.models import District
from security.models import User


class Every(models.TextChoices):
    DAY = "DAY", "every day"
    WEEK = "WEEK", "every week"
    MONTH = "MONTH", "every month"


class SavedReportQuerySet(models.QuerySet["SavedReport"]):
    def due(self, today: date) -> "SavedReportQuerySet":
        return self.filter(next_on__lte=today, owner__is_active=True)


class SavedReport(models.Model):
    """`slug` names the list; `query` is its query string: filters, sort, columns, groups.

    Shared with the people of `district`, each of whom sees their own scope through it. With `every` a file is
    made for the owner on `next_on`; `stopped` says why it no longer is.
    """

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_reports")
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    slug = models.CharField(max_length=40)
    query = models.JSONField(default=dict)
    every = models.CharField(max_length=5, choices=Every.choices, blank=True)
    begins_on = models.DateField(null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)
    format = models.CharField(max_length=4, default="xlsx")
    bom = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    by_email = models.BooleanField(default=False)
    stopped = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SavedReportQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_report_of_a_name"),
            models.CheckConstraint(
                condition=Q(every="", begins_on=None, next_on=None)
                | Q(begins_on__isnull=False, next_on__isnull=False) & ~Q(every="") & ~Q(reason=""),
                name="a_repeated_report_has_a_day_and_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["next_on"], name="reports_to_make", condition=~Q(next_on=None))]

    class Privacy:
        safe = "id owner district slug every begins_on next_on format bom by_email created_at"
        secret = "name query reason stopped"

    def __str__(self) -> str:
        return f"saved report {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("reports:saved", args=[self.pk])

    def is_of(self, user: Any) -> bool:
        return self.owner_id == user.pk
