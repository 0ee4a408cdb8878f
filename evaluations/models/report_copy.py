"""A copy of the report that went to the parents, with the oral explanation offered."""

import pgtrigger
from django.db import models
from django.utils import timezone

from evaluations.models.evaluation import Evaluation
from organizations.models import District


class ReportCopy(models.Model):
    """LAC 28:CI.505.A.9, 515.B.2. Not locked with its evaluation: what parents get is the locked report.

    `district` gave it. Append-only: after a wrong one comes another.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="copies")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    to = models.CharField(max_length=200)
    by_id = models.BigIntegerField()
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["on", "pk"]
        verbose_name_plural = "report copies"
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    class Privacy:
        safe = "id evaluation district on by_id recorded_at"
        secret = "to"

    def __str__(self) -> str:
        return f"report copy {self.pk}"
