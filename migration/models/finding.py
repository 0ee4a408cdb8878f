"""A broken quality rule: which, where, and the value that breaks it (RLO-14)."""

from django.db import models

from migration.models.load_run import LoadRun
from organizations.models import District


class Finding(models.Model):
    """`key` is the legacy key; `line` the line in the extract. The hint stands in rules/dq_rules.csv."""

    run = models.ForeignKey(LoadRun, on_delete=models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=6)
    severity = models.CharField(max_length=7)
    record_type = models.CharField(max_length=3)
    key = models.CharField(max_length=120)
    line = models.BigIntegerField(null=True)
    value = models.TextField(blank=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["line"]
        indexes = [models.Index(fields=["run", "rule", "line"], name="finding_by_rule")]

    class Privacy:
        safe = "id run rule severity record_type line district"
        secret = "key value"

    def __str__(self) -> str:
        return f"{self.rule} at line {self.line}"
