"""A load run: one extract on its way into the records, phase by phase."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from documents.models import Document
from jobs.models import Job
from organizations.models import State
from security.models import User


class RunState(models.TextChoices):
    WAITING = "WAITING", "waiting"
    RUNNING = "RUNNING", "running"
    REFUSED = "REFUSED", "file refused"
    FAILED = "FAILED", "stopped by an error"
    BLOCKED = "BLOCKED", "loaded, does not reconcile"
    CHECKED = "CHECKED", "checked, nothing loaded"
    DONE = "DONE", "reconciled"


class Phase(models.TextChoices):
    """In this order; a run that was interrupted goes on with its phase."""

    STAGE = "STAGE", "Stage"
    CHECK = "CHECK", "Check"
    ARCHIVE = "ARCHIVE", "Archive"
    LOAD = "LOAD", "Load"
    RECONCILE = "RECONCILE", "Reconcile"
    OVER = "OVER", "Reconciled"


class LoadRunQuerySet(models.QuerySet["LoadRun"]):
    def unfinished(self) -> "LoadRunQuerySet":
        return self.filter(state__in=[RunState.WAITING, RunState.RUNNING])

    def that_load(self) -> "LoadRunQuerySet":
        """The latest first; without dry runs and files that were refused."""
        return self.filter(dry_run=False).exclude(state=RunState.REFUSED).order_by("-started_at", "-pk")


class LoadRun(models.Model):
    """`freeze` and `cut` are those of the state's cut-over; `control_totals` per district and measure:
    counted in the extract, expected after the load, found after the load.

    `sha256` is that of legser.dat; of a CSV twin that of the list of its files and their SHA-256. A `dry_run`
    is staged and checked, and loads nothing.
    """

    of_state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.WAITING)
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.STAGE)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=500, blank=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    extracted_at = models.DateTimeField()
    freeze = models.DateTimeField()
    cut = models.DateField()
    lines = models.BigIntegerField(default=0)
    chunks = models.PositiveIntegerField(default=0)
    chunks_done = models.PositiveIntegerField(default=0)
    dry_run = models.BooleanField(default=False)
    drafts = models.PositiveIntegerField(default=0, help_text="that arrive as drafts")
    continuity = models.PositiveIntegerField(default=0, help_text="rows older than the cut, still in force")
    archived_students = models.PositiveIntegerField(default=0)
    control_totals = models.JSONField(default=dict)
    sentence = models.CharField(max_length=500, blank=True)
    interruptions = models.PositiveIntegerField(default=0, help_text="after which it went on")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = LoadRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                F("of_state"),
                name="one_unfinished_run",
                condition=Q(state__in=["WAITING", "RUNNING"]),
            ),
        ]

    class Privacy:
        safe = (
            "id of_state state phase document sha256 extracted_at freeze cut lines chunks chunks_done"
            " dry_run drafts continuity archived_students control_totals interruptions"
            " job started_by started_at ended_at"
        )
        secret = "path file_name sentence"

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state not in (RunState.WAITING, RunState.RUNNING)


class RecordCount(models.Model):
    """The account of one record type; of a dry run, what the load would give."""

    run = models.ForeignKey(LoadRun, on_delete=models.CASCADE, related_name="record_counts")
    record_type = models.CharField(max_length=2)
    extracted = models.BigIntegerField()
    migrated = models.BigIntegerField(default=0)
    archived = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["record_type"]
        constraints = [models.UniqueConstraint(fields=["run", "record_type"], name="one_count_per_type")]

    class Privacy:
        safe = "id run record_type extracted migrated archived rejected"
        secret = ""

    def __str__(self) -> str:
        return f"{self.record_type} of run {self.run_id}"

    @property
    def difference(self) -> int:
        return self.extracted - self.migrated - self.archived - self.rejected
