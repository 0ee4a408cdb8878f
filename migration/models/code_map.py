"""What a legacy code is read as: kept by the state administrator, every earlier reading with who and when."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from organizations.models import State
from security.models import User


class CodeSet(models.TextChoices):
    GRADE = "grade", "Grades"
    SITE = "site", "Sites"
    EXCEPTIONALITY = "exceptionality", "Exceptionalities"


class CodeMapQuerySet(models.QuerySet["CodeMap"]):
    def in_force(self) -> "CodeMapQuerySet":
        return self.filter(ended_at=None)


class CodeMap(models.Model):
    """Beside rules/legacy_codes.csv, whose rows it overrules. A row is ended, never changed."""

    of_state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")
    code_set = models.CharField(max_length=14, choices=CodeSet.choices)
    legacy_code = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CodeMapQuerySet.as_manager()

    class Meta:
        ordering = ["code_set", "legacy_code", "-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["of_state", "code_set", "legacy_code"],
                condition=Q(ended_at=None),
                name="one_reading_of_a_legacy_code",
            ),
        ]

    class Privacy:
        safe = "id of_state code_set legacy_code code why by at ended_at ended_by"
        secret = ""

    def __str__(self) -> str:
        return f"{self.code_set} {self.legacy_code} is {self.code}"
