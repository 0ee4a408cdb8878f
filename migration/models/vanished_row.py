"""A record that an earlier extract brought and a later one does not load again: listed, never deleted."""

from django.db import models

from migration.models.load_run import LoadRun
from organizations.models import District


class Why(models.TextChoices):
    GONE = "GONE", "not in the later extract"
    REJECTED = "REJECTED", "rejected in the later extract"
    ARCHIVED = "ARCHIVED", "old in the later extract, and in the archive too"


class VanishedRow(models.Model):
    """`record_id` is its number in the table of its type."""

    run = models.ForeignKey(LoadRun, on_delete=models.CASCADE, related_name="vanished_rows")
    record_type = models.CharField(max_length=2)
    key = models.CharField(max_length=120)
    record_id = models.BigIntegerField()
    why = models.CharField(max_length=8, choices=Why.choices)
    written_in = models.BigIntegerField(null=True, help_text="the run that wrote it last")
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["record_type", "key"]
        constraints = [
            models.UniqueConstraint(fields=["run", "record_type", "record_id"], name="vanished_once"),
        ]

    class Privacy:
        safe = "id run record_type record_id why written_in district"
        secret = "key"

    def __str__(self) -> str:
        return f"vanished {self.record_type} {self.record_id}"
