"""What an evaluation said each time it was locked: kept for good, with its hash."""

import hashlib
import json

import pgtrigger
from django.db import models
from django.utils import timezone

from organizations.models import District
from students.models import Student
from students.models.one_child import ONLY_BY_A_MERGE, all_but_the_child

Lines = list[list[str]]


def hash_of(number: int, lines: Lines) -> str:
    """SHA-256 of the version and its lines, written in one way only."""
    written = json.dumps([number, lines], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


class LockedReport(models.Model):
    """`lines` are label and value, as the page showed them on the day. Append-only.

    `evaluation_id` is no foreign key: what was once locked stays when the evaluation is discarded.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="locked_reports")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", null=True)
    evaluation_id = models.BigIntegerField()
    number = models.PositiveIntegerField(help_text="how often it had been locked")
    lines = models.JSONField()
    sha256 = models.CharField(max_length=64)
    locked_at = models.DateTimeField(default=timezone.now)
    locked_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation_id", "number"], name="one_locked_report_of_a_version")
        ]
        triggers = [
            ONLY_BY_A_MERGE,
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(all_but_the_child()),
            ),
        ]

    class Privacy:
        safe = "id student district evaluation_id number sha256 locked_at locked_by_id"
        secret = "lines"

    def __str__(self) -> str:
        return f"locked report {self.evaluation_id}, version {self.number}"

    @property
    def is_whole(self) -> bool:
        return hash_of(self.number, self.lines) == self.sha256
