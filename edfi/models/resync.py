"""A comparison of a whole connection with the state: who asked for it, when, and what came of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from edfi.models.connection import Connection
from edfi.rules.resync import Does, Why
from organizations.models import District
from students.models import Student

BUSY = ("COMPARING", "SENDING")


class ResyncState(models.TextChoices):
    COMPARING = "COMPARING", "being compared"
    COMPARED = "COMPARED", "waits for a person"
    SENDING = "SENDING", "being sent"
    STOPPED = "STOPPED", "stopped"
    DONE = "DONE", "done"
    FAILED = "FAILED", "could not be compared"
    REPLACED = "REPLACED", "replaced by a later one"


class Result(models.TextChoices):
    DONE = "DONE", "done"
    LEFT = "LEFT", "left: it changed meanwhile"
    FAILED = "FAILED", "not done"


class Resync(models.Model):
    """`by_id` empty: the nightly comparison. `tallies` counts by what, resource and district.

    `since_last`: only what changed at the server since the last comparison was read. `settings_digest` is
    that of the connection's settings when it was compared.
    """

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="resyncs")
    resources = ArrayField(models.CharField(max_length=80))
    state = models.CharField(max_length=9, choices=ResyncState.choices, default=ResyncState.COMPARING)
    since_last = models.BooleanField(default=False)
    by_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    compared_at = models.DateTimeField(null=True)
    settings_digest = models.CharField(max_length=64, blank=True)
    tallies = models.JSONField(default=list)
    versions = models.JSONField(default=dict, help_text="by school year, how far the server's changes went")
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    stop_asked_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True, help_text="why it waits, stopped or failed")
    job_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection"], condition=Q(state__in=BUSY), name="one_resync_at_a_time"
            ),
        ]

    class Privacy:
        safe = (
            "id connection resources state since_last by_id asked_at compared_at settings_digest tallies"
            " versions decided_by_id decided_at stop_asked_by_id ended_at why job_id"
        )
        secret = ""

    def __str__(self) -> str:
        return f"resync {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("edfi:resync", args=[self.pk])

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    def is_to_stop(self) -> bool:
        """Did a person ask for it meanwhile?"""
        return Resync.objects.filter(pk=self.pk).exclude(stop_asked_by_id=None).exists()


class ResyncRow(models.Model):
    """One difference. Without a student: the state has a record of a child whom nobody here knows."""

    resync = models.ForeignKey(Resync, on_delete=models.CASCADE, related_name="rows")
    student = models.ForeignKey(
        Student, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="edfi_resync_rows"
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    resource = models.CharField(max_length=80)
    school_year = models.PositiveSmallIntegerField()
    does = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Does])
    why = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Why])
    natural_key = models.JSONField()
    key_digest = models.CharField(max_length=64)
    ods_id = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=6, choices=Result.choices, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resync", "resource", "school_year", "key_digest"], name="edfi_one_difference"
            ),
        ]
        indexes = [models.Index(fields=["resync", "student"], name="edfi_left_to_do", condition=Q(result=""))]

    class Privacy:
        safe = "id resync student district resource school_year does why key_digest ods_id result ended_at"
        secret = "natural_key"

    def __str__(self) -> str:
        return f"{self.does} {self.pk}"
