"""Requests to the state: an issue with an enrollment, or an administrative exit (OSSE 2016, slides 41-45)."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from enrollment.models.enrollment import Enrollment
from organizations.models import District
from students.models import Student


class RequestState(models.TextChoices):
    OPEN = "OPEN", "open"
    ANSWERED = "ANSWERED", "answered"
    GRANTED = "GRANTED", "granted"
    REFUSED = "REFUSED", "refused"
    WITHDRAWN = "WITHDRAWN", "withdrawn"


class SupportRequestQuerySet(models.QuerySet["SupportRequest"]):
    def visible_to(self, user) -> "SupportRequestQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def open(self) -> "SupportRequestQuerySet":
        return self.filter(state__in=[RequestState.OPEN, RequestState.ANSWERED])


class SupportRequest(models.Model):
    """`issue_type` and `sub_category` are rows of rules/support_issues.csv, kept as given.

    `due_diligence` is what was done before asking; without it nothing is submitted (R11.04).
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="support_requests")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="support_requests", null=True, blank=True
    )
    issue_type = models.CharField(max_length=80)
    sub_category = models.CharField(max_length=80)
    words = models.TextField()
    due_diligence = models.TextField()
    document_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=9, choices=RequestState.choices, default=RequestState.OPEN)
    by_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = SupportRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(due_diligence=""), name="due_diligence_before_asking"),
            models.UniqueConstraint(
                fields=["enrollment", "sub_category"],
                condition=Q(closed_at=None),
                name="one_open_request_of_a_kind",
            ),
        ]

    class Privacy:
        safe = (
            "id student district enrollment issue_type sub_category document_id state by_id opened_at"
            " closed_at"
        )
        secret = "words due_diligence"

    def __str__(self) -> str:
        return f"support request {self.pk}"


class SupportAnswer(models.Model):
    """Append-only: who answered what, and what it made of the request."""

    request = models.ForeignKey(SupportRequest, on_delete=models.CASCADE, related_name="answers")
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField()
    state = models.CharField(max_length=9, choices=RequestState.choices)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    class Privacy:
        safe = "id request by_id at state"
        secret = "words"

    def __str__(self) -> str:
        return f"support answer {self.pk}"
