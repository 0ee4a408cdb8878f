"""A part of a load: some students with all that belongs to them, loaded in one transaction by one worker."""

from django.db import models

from migration.models.load_run import LoadRun


class LoadChunk(models.Model):
    """`worker` names the process that loaded it."""

    run = models.ForeignKey(LoadRun, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_chunk_per_number")]

    class Privacy:
        safe = "id run number loaded_at worker"
        secret = ""

    def __str__(self) -> str:
        return f"part {self.number} of run {self.run_id}"
