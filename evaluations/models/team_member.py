"""Who decided about eligibility, and whether they agreed."""

from django.db import models
from django.db.models import Q

from evaluations.models.evaluation import Evaluation
from evaluations.models.with_its_evaluation import LOCKED_WITH_ITS_EVALUATION
from evaluations.rules.parts import team_part
from journal.history import keeps_history


@keeps_history()
class TeamMember(models.Model):
    """`part` is a code of rules/team_parts.csv; `agrees` is empty until the member has said.

    Who dissents says so in a statement (34 CFR 300.311(b)).
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="team")
    name = models.CharField(max_length=120)
    part = models.CharField(max_length=9)
    agrees = models.BooleanField(null=True, blank=True)
    statement = models.TextField(blank=True)
    signed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(agrees=False) | ~Q(statement=""), name="dissent_with_its_statement"
            ),
            models.CheckConstraint(
                condition=Q(agrees=None, signed_on=None) | Q(agrees__isnull=False, signed_on__isnull=False),
                name="signed_when_said",
            ),
        ]
        triggers = [LOCKED_WITH_ITS_EVALUATION]

    class Privacy:
        safe = "id evaluation part agrees signed_on"
        secret = "name statement"

    def __str__(self) -> str:
        return f"team member {self.pk}"

    @property
    def part_name(self) -> str:
        row = team_part(self.part)
        return row.name if row else self.part
