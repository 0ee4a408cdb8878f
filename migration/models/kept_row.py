"""A record that somebody has written here since the load, and a later extract says otherwise."""

from django.db import models

from migration.models.load_run import LoadRun
from organizations.models import District
from security.models import User


class KeptRow(models.Model):
    """It stands as that person left it, until people have decided. `record_id`: its number in its table.

    `written_by` is empty when no person did it, such as the roll-over of the school year.
    """

    run = models.ForeignKey(LoadRun, on_delete=models.CASCADE, related_name="kept_rows")
    record_type = models.CharField(max_length=2)
    key = models.CharField(max_length=120)
    record_id = models.BigIntegerField()
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["record_type", "key"]
        constraints = [
            models.UniqueConstraint(fields=["run", "record_type", "record_id"], name="kept_once"),
        ]

    class Privacy:
        safe = "id run record_type record_id district written_by written_at"
        secret = "key"

    def __str__(self) -> str:
        return f"kept {self.record_type} {self.record_id}"
