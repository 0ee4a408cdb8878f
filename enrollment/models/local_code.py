"""What a district's own student information system calls a code, and which state code it means."""

from django.db import models

from enrollment.rules.codes import Kind
from journal.history import keeps_history
from organizations.models import District, SchoolYear


class CodeKind(models.TextChoices):
    ENTRY = Kind.ENTRY.value, "entry"
    EXIT = Kind.EXIT.value, "exit"


@keeps_history()
class LocalCode(models.Model):
    """One local code means exactly one state code in a school year (OSSE R1.03); its history says who changed
    it, when, from what to what (R1.04)."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="local_codes")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=CodeKind.choices)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120, blank=True)
    state_code = models.CharField(max_length=6)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "school_year", "kind", "code"], name="local_code_means_one_state_code"
            ),
        ]

    class Privacy:
        safe = "id district school_year kind code name state_code changed_at changed_by_id"
        secret = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
