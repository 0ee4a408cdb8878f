"""The sample sheet: the legacy print of some children against the extract, and the sign-off (DQ-101)."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from migration.models.load_run import LoadRun
from migration.models.party import Party
from security import scope
from security.models import User


class SampleSheet(models.Model):
    """One for a run. `fields`: how many were compared, of how many `students`."""

    run = models.OneToOneField(LoadRun, on_delete=models.CASCADE, related_name="sample_sheet")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    students = models.PositiveIntegerField()
    fields = models.PositiveIntegerField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        safe = "id run sha256 students fields made_by made_at"
        secret = "file_name"

    def __str__(self) -> str:
        return f"sample sheet of run {self.run_id}"

    @property
    def undecided(self) -> int:
        """Counted whoever asks: the vendor signs without seeing a child."""
        with scope.elevated():
            return self.mismatches.filter(decided_at=None).count()


class SampleStudent(models.Model):
    """A child of the sample; `why`: random, or the words of the print for an edge case."""

    sheet = models.ForeignKey(SampleSheet, on_delete=models.CASCADE, related_name="sampled")
    student_key = models.CharField(max_length=20)
    why = models.CharField(max_length=120)
    fields = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "student_key"], name="sampled_once")]

    class Privacy:
        safe = "id sheet fields"
        secret = "student_key why"

    def __str__(self) -> str:
        return f"sample {self.pk}"


class SampleMismatch(models.Model):
    """Print and extract say different things; `row` counts the child's records of the type from 1."""

    sheet = models.ForeignKey(SampleSheet, on_delete=models.CASCADE, related_name="mismatches")
    sampled = models.ForeignKey(SampleStudent, on_delete=models.CASCADE, related_name="mismatches")
    record_type = models.CharField(max_length=2)
    row = models.PositiveIntegerField()
    field = models.CharField(max_length=30)
    line = models.BigIntegerField(null=True)
    printed = models.TextField(blank=True)
    extracted = models.TextField(blank=True)
    word = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, word="")
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(word=""),
                name="mismatch_decision_whole",
            ),
        ]

    class Privacy:
        safe = "id sheet sampled record_type row field line decided_by decided_at"
        secret = "printed extracted word"

    def __str__(self) -> str:
        return f"mismatch {self.pk}"


class SampleSignature(models.Model):
    """Append-only: each party once, by two different persons."""

    sheet = models.ForeignKey(SampleSheet, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=6, choices=Party.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "party"], name="signed_once_by_each_party"),
            models.UniqueConstraint(fields=["sheet", "by"], name="signed_by_two_persons"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    class Privacy:
        safe = "id sheet party by at"
        secret = ""

    def __str__(self) -> str:
        return f"{self.party} {self.at:%Y-%m-%d}"
