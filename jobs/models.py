"""A job: long work in the background that can be watched, left and found again."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jobs.rules import SILENT_AFTER

STOPPABLE = ("EXPORT",)  # kinds; other long work is stopped, if at all, on its own page
LOST_AFTER = timedelta(hours=1)  # a queue that restarted without its memory has forgotten the job


class JobState(models.TextChoices):
    WAITING = "WAITING", "waiting"
    RUNNING = "RUNNING", "running"
    DONE = "DONE", "done"
    FAILED = "FAILED", "failed"
    STOPPED = "STOPPED", "stopped"


class JobQuerySet(models.QuerySet["Job"]):
    def of(self, user_id: int) -> "JobQuerySet":
        return self.filter(owner_id=user_id)

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[JobState.WAITING, JobState.RUNNING])

    def forgotten(self, now: datetime) -> "JobQuerySet":
        """No worker will come for these: never handed over, handed over and lost, or their worker died."""
        never = Q(state=JobState.WAITING, sent_at=None)
        lost = Q(state=JobState.WAITING, sent_at__lt=now - LOST_AFTER)
        left = Q(state=JobState.RUNNING, heard_at__lt=now - SILENT_AFTER)
        return self.exclude(task="").filter(never | lost | left)


class Job(models.Model):
    """Owner is an id: this floor knows no people. `phase` is one of `phases`, in order.

    `task` is what a worker runs with the job's id, by its full name; empty for work of a command.
    `sent_at` is when the queue took it.
    """

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    owner_id = models.BigIntegerField(null=True, db_index=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    phases = models.JSONField(default=list)
    phase = models.CharField(max_length=60, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    params = models.JSONField(default=dict)
    sentence = models.CharField(max_length=500, blank=True)
    link = models.CharField(max_length=200, blank=True)
    result_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    task = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    class Privacy:
        safe = (
            "id kind title owner_id state phases phase done total link result_id"
            " created_at started_at ended_at heard_at task sent_at"
        )
        secret = "params sentence"

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    @property
    def share(self) -> float:
        """Done of total, 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    @property
    def can_stop(self) -> bool:
        """Its work leaves nothing behind when it is stopped half-way."""
        return self.kind in STOPPABLE and not self.is_over

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.STOPPED)
