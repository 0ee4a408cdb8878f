"""One area of an evaluation, given to one evaluator."""

from typing import Any

from django.db import models

from evaluations.models.evaluation import Evaluation
from evaluations.models.with_its_evaluation import LOCKED_WITH_ITS_EVALUATION
from evaluations.rules.parts import area
from journal.history import keeps_history
from security.models import User


@keeps_history()
class Component(models.Model):
    """`area` is a code of rules/areas.csv. `version` grows by one with each change of its texts."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="components")
    area = models.CharField(max_length=13)
    evaluator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_on = models.DateField()
    completed_on = models.DateField(null=True, blank=True)
    instruments = models.TextField(blank=True)
    findings = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "area", "evaluator"], name="one_component_each"),
            models.CheckConstraint(
                condition=models.Q(completed_on=None) | ~models.Q(findings=""),
                name="component_completed_with_its_findings",
            ),
        ]
        triggers = [LOCKED_WITH_ITS_EVALUATION]

    class Privacy:
        safe = "id evaluation area evaluator assigned_on completed_on version"
        secret = "instruments findings"

    def __str__(self) -> str:
        return f"component {self.pk}"

    @property
    def name(self) -> str:
        row = area(self.area)
        return row.name if row else self.area

    def written_before(self) -> list[Any]:
        """What earlier evaluators left: of each the last state in the history, newest first."""
        theirs = self.history.exclude(evaluator=self.evaluator_id).select_related("evaluator")
        last = {row.evaluator_id: row for row in theirs.order_by("pgh_id")}
        return sorted(last.values(), key=lambda row: row.pgh_id, reverse=True)
