"""What is written in one section of the integrated report: the unit of autosave."""

from django.db import models
from django.utils import timezone

from evaluations.models.evaluation import Evaluation
from evaluations.models.with_its_evaluation import LOCKED_WITH_ITS_EVALUATION
from journal.history import keeps_history
from security.models import User


@keeps_history()
class ReportText(models.Model):
    """`section` is a key of rules/report_sections.csv. `version` grows by one with each save."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="texts")
    section = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "section"], name="one_text_per_report_section")
        ]
        triggers = [LOCKED_WITH_ITS_EVALUATION]

    class Privacy:
        safe = "id evaluation section version saved_by saved_at"
        secret = "text"

    def __str__(self) -> str:
        return f"report section {self.section}"
