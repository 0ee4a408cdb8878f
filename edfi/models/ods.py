"""A district's own ODS, from which its enrollments are read: what its values mean, and what was read."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from edfi.models.credentials import Credentials
from enrollment.models import FeedLoad
from organizations.models import District, SchoolYear


class Number(models.TextChoices):
    """What the ODS calls studentUniqueId."""

    EDFI = "edfi", "The Ed-Fi ID that stands here with each child"
    STATE = "state", "The state's own number of the child"


class ValueKind(models.TextChoices):
    GRADE = "grade", "Grade"
    ENTRY = "entry", "Entry type"
    EXIT = "exit", "Exit type"
    SEX = "sex", "Sex"


class PullState(models.TextChoices):
    READING = "READING", "being read"
    HANDED = "HANDED", "handed to the feed"
    SAME = "SAME", "nothing new"
    FAILED = "FAILED", "nothing handed over"


class DistrictOds(Credentials):
    """`base_url` may contain {year}. `by_id`: in whose name it is read every night; empty: it is not.

    `seen_versions`: by school year, how far the changes of the ODS stand in `OdsRecord`.
    """

    district = models.OneToOneField(District, on_delete=models.PROTECT, related_name="ods")
    base_url = models.CharField(max_length=200)
    number = models.CharField(max_length=5, choices=Number.choices, default=Number.EDFI)
    by_id = models.BigIntegerField(null=True)
    since = models.DateTimeField(null=True)
    seen_versions = models.JSONField(default=dict)
    read_whole_at = models.JSONField(default=dict, help_text="by school year, when all of it was read")

    namespaces: ClassVar[dict[str, str]] = {}  # schools, students and enrollments are Ed-Fi's own

    class Privacy:
        safe = "id district base_url number by_id since seen_versions read_whole_at"
        secret = "key_encrypted secret_encrypted"

    def __str__(self) -> str:
        return f"ODS of {self.district}"


class OdsValue(models.Model):
    """What a value of the ODS means here. `uri` empty: the ODS gives none; `code` empty: nobody has said yet.

    `uses`: enrollments with it in the last reading.
    """

    ods = models.ForeignKey(DistrictOds, on_delete=models.CASCADE, related_name="values")
    kind = models.CharField(max_length=5, choices=ValueKind.choices)
    uri = models.CharField(max_length=306, blank=True)
    code = models.CharField(max_length=20, blank=True)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["kind", "uri"]
        constraints = [
            models.UniqueConstraint(fields=["ods", "kind", "uri"], name="edfi_one_meaning_of_value")
        ]

    class Privacy:
        safe = "id ods kind uri code uses"
        secret = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.called}"

    @property
    def called(self) -> str:
        """As the ODS calls it."""
        return self.uri.rpartition("#")[2] or "not given"


class OdsPull(models.Model):
    """One reading of the ODS. `digest` is of the lines that it made; `counts` of records and lines."""

    ods = models.ForeignKey(DistrictOds, on_delete=models.CASCADE, related_name="pulls")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=PullState.choices, default=PullState.READING)
    whole = models.BooleanField(default=False, help_text="everything was asked for, or is to be read")
    nightly = models.BooleanField(default=False)
    by_id = models.BigIntegerField()
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    job_id = models.BigIntegerField(null=True)
    counts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    load = models.ForeignKey(FeedLoad, on_delete=models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=400, blank=True, help_text="why it failed, or what it found")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ods"], condition=Q(state="READING"), name="edfi_one_pull_at_a_time"
            )
        ]

    class Privacy:
        safe = "id ods school_year state whole nightly by_id asked_at ended_at job_id counts digest load why"
        secret = ""

    def __str__(self) -> str:
        return f"reading {self.pk}"

    def get_absolute_url(self) -> str:
        return f"{reverse('edfi:ods')}?district={self.ods.district_id}&year={self.school_year_id}"


class OdsRecord(models.Model):
    """A record of the ODS as it was read, so that the next reading asks only for what changed."""

    ods = models.ForeignKey(DistrictOds, on_delete=models.CASCADE, related_name="records")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    school_year = models.PositiveSmallIntegerField()
    resource = models.CharField(max_length=40)
    record_id = models.CharField(max_length=64)
    payload = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ods", "school_year", "resource", "record_id"], name="edfi_one_copy_of_record"
            )
        ]

    class Privacy:
        safe = "id ods district school_year resource record_id"
        secret = "payload"

    def __str__(self) -> str:
        return f"{self.resource} {self.record_id}"
