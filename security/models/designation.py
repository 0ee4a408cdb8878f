"""The superintendent designates a security coordinator; the state processes the form (SEC-19)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from documents.models import Document
from organizations.models import District
from security.models.assignment import Assignment
from security.models.user import User


class DesignationQuerySet(models.QuerySet["Designation"]):
    def waiting(self) -> "DesignationQuerySet":
        return self.filter(processed_at=None, withdrawn_at=None)

    def in_force(self) -> "DesignationQuerySet":
        """Processed, and the role that it gave is still held by somebody who can sign in."""
        held = Assignment.objects.in_force().values("pk")
        return self.filter(assignment__in=held, user__is_active=True)


class Designation(models.Model):
    """Submitted, then processed by the state, which gives the role (`assignment`); or withdrawn before."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="designations")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="designations")
    form = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)
    processed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    processed_at = models.DateTimeField(null=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = DesignationQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "user"],
                condition=Q(processed_at=None, withdrawn_at=None),
                name="one_designation_waits",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, processed_at=None),
                name="withdrawn_before_it_is_processed",
            ),
            models.CheckConstraint(
                condition=Q(processed_at=None, assignment=None)
                | Q(processed_at__isnull=False, assignment__isnull=False),
                name="processing_gives_the_role",
            ),
        ]

    class Privacy:
        safe = (
            "id district user form submitted_by submitted_at processed_by processed_at assignment"
            " withdrawn_by withdrawn_at"
        )
        secret = ""

    def __str__(self) -> str:
        return f"designation {self.pk} of district {self.district_id}"
