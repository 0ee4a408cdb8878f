"""The agreement of parents and district that no reevaluation is needed."""

from django.db import models

from evaluations.models.evaluation import Evaluation
from evaluations.models.with_its_evaluation import LOCKED_WITH_ITS_EVALUATION
from journal.history import keeps_history


@keeps_history()
class Waiver(models.Model):
    """Two signatures; the later one is the day of the waiver. Authority: 34 CFR 300.303(b)(2)."""

    evaluation = models.OneToOneField(Evaluation, on_delete=models.CASCADE, related_name="waiver")
    parent_name = models.CharField(max_length=120)
    parent_signed_on = models.DateField()
    agency_name = models.CharField(max_length=120, help_text="who signed for the district")
    agency_signed_on = models.DateField()
    guidance = models.TextField(blank=True)

    class Meta:
        triggers = [LOCKED_WITH_ITS_EVALUATION]

    class Privacy:
        safe = "id evaluation parent_signed_on agency_signed_on"
        secret = "parent_name agency_name guidance"

    def __str__(self) -> str:
        return f"waiver {self.pk}"
