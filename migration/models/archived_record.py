"""The index of the archive: which closed records are kept there, and for which child (RLO-09)."""

from django.db import models

from migration.models.load_run import LoadRun
from organizations.models import District


class ArchivedRecord(models.Model):
    """What a record says stands in the child's pack; `lines`: of how many lines it was made."""

    record_type = models.CharField(max_length=2)
    legacy_key = models.CharField(max_length=120)
    student_key = models.CharField(max_length=20, db_index=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    lines = models.PositiveIntegerField(default=1)
    run = models.ForeignKey(LoadRun, on_delete=models.PROTECT, related_name="archived_records")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record_type", "legacy_key"], name="archived_once"),
        ]

    class Privacy:
        safe = "id record_type district lines run"
        secret = "legacy_key student_key"

    def __str__(self) -> str:
        return f"archived {self.record_type} {self.pk}"
