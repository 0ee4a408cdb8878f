"""A longer time for an evaluation: asked for by who runs it, decided by the supervisor."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evaluations.models.evaluation import Evaluation
from evaluations.models.with_its_evaluation import LOCKED_WITH_ITS_EVALUATION


class Extension(models.Model):
    """`code` of rules/evaluation_extensions.csv. Decided once, and kept as decided (trigger)."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="extensions")
    code = models.CharField(max_length=3)
    to = models.DateField(help_text="the last day of the longer time")
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by_id = models.BigIntegerField()
    approved = models.BooleanField(null=True, help_text="empty until it is decided")
    answer = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation"], condition=Q(approved=None), name="one_extension_waits_for_its_decision"
            ),
            models.CheckConstraint(
                condition=Q(approved=None, decided_at=None, decided_by_id=None)
                | Q(approved__isnull=False, decided_at__isnull=False, decided_by_id__isnull=False),
                name="extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id=None) | ~Q(decided_by_id=models.F("asked_by_id")),
                name="nobody_decides_their_own_extension",
            ),
            models.CheckConstraint(
                condition=~Q(approved=False) | ~Q(answer=""), name="extension_refused_with_a_reason"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.approved IS NOT NULL"),
            ),
            LOCKED_WITH_ITS_EVALUATION,
        ]

    class Privacy:
        safe = "id evaluation code to asked_at asked_by_id approved decided_at decided_by_id"
        secret = "reason answer"

    def __str__(self) -> str:
        return f"extension {self.pk}"
