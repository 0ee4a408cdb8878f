"""What the team answered of the transition checklist, where the IEP alone does not tell."""

from django.db import models
from django.utils import timezone

from ieps.models.iep import Iep
from journal.history import keeps_history
from organizations.models import District
from security.models import User
from students.models import Student
from students.models.one_child import ONLY_BY_A_MERGE


class TeamAnswer(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_APPLICABLE = "not applicable", "It does not apply"


@keeps_history()
class ChecklistAnswer(models.Model):
    """`item` of rules/indicator_13.csv. It is about the IEP and no part of it: it may come later."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="checklist_answers")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="checklist_answers")
    item = models.CharField(max_length=20)
    answer = models.CharField(max_length=14, choices=TeamAnswer.choices)
    words = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["iep", "item"], name="one_answer_for_an_item")]
        triggers = [ONLY_BY_A_MERGE]

    class Privacy:
        safe = "id student district iep item answer by at"
        secret = "words"

    def __str__(self) -> str:
        return f"answer {self.pk}"
