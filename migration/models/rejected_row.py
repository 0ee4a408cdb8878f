"""A line that was not loaded, as it stood in the extract, and the rule it was rejected for."""

from django.db import models

from migration.models.load_run import LoadRun
from organizations.models import District


class RejectedRow(models.Model):
    """`original` has no Social Security number. `cascaded`: rejected with the record it belongs to."""

    run = models.ForeignKey(LoadRun, on_delete=models.CASCADE, related_name="rejected_rows")
    record_type = models.CharField(max_length=2)
    line = models.BigIntegerField()
    key = models.CharField(max_length=120)
    original = models.TextField()
    rule = models.CharField(max_length=6)
    cascaded = models.BooleanField()
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="one_rejection_per_line")]
        indexes = [models.Index(fields=["run", "record_type", "line"], name="rejected_by_type")]

    class Privacy:
        safe = "id run record_type line rule cascaded district"
        secret = "key original"

    def __str__(self) -> str:
        return f"line {self.line} rejected"

    @property
    def reason(self) -> str:
        return f"cascade of {self.rule}" if self.cascaded else self.rule
