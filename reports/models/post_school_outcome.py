"""What a youth who left school with an IEP answered within a year: where it is in education or at work."""

from django.db import models
from django.utils import timezone

from journal.history import keeps_history
from organizations.models import District
from reports.rules.post_school import Outcome
from students.models import Student
from students.models.one_child import ONLY_BY_A_MERGE


@keeps_history()
class PostSchoolOutcome(models.Model):
    """`left_on`: the exit from special education that it is about; `answered_on`: the day of the answer, or
    on which it was given up. One counts for an exit: the highest of what holds."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="post_school_outcomes")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    left_on = models.DateField()
    outcome = models.CharField(max_length=11, choices=[(each.name, each.value) for each in Outcome])
    answered_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-left_on"]
        triggers = [ONLY_BY_A_MERGE]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "district", "left_on"], name="one_post_school_outcome_of_an_exit"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_on__gte=models.F("left_on")), name="answered_after_leaving"
            ),
        ]

    class Privacy:
        safe = "id student district left_on answered_on recorded_at recorded_by_id"
        secret = "outcome"

    def __str__(self) -> str:
        return f"post-school outcome {self.pk}"
