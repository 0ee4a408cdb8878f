"""The merge queue: records of the extract that may be one child, and what a person decided about them."""

from django.db import models

from migration.models.load_run import LoadRun
from organizations.models import District, State
from security.models import User


class Verdict(models.TextChoices):
    """`GONE`: a later extract does not have the likeness any more."""

    OPEN = "OPEN", "to be decided"
    SAME = "SAME", "the same child"
    DIFFERENT = "DIFFERENT", "different children"
    GONE = "GONE", "gone with a new extract"


class DuplicateGroup(models.Model):
    """Two or more records. DQ-011: they share a LASID and wait; DQ-012: each was loaded as a child.

    `fingerprint` is the SHA-256 of their keys: a group that was decided is not asked again. `district` is
    given where all of them are of one district; the others are the state's alone.
    """

    of_state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=6)
    fingerprint = models.CharField(max_length=64)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    last_run = models.ForeignKey(LoadRun, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=9, choices=Verdict.choices, default=Verdict.OPEN)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["of_state", "rule", "fingerprint"], name="one_group_of_records"),
        ]

    class Privacy:
        safe = "id of_state rule fingerprint district last_run verdict decided_by decided_at"
        secret = "reason"

    def __str__(self) -> str:
        return f"{self.rule} group {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.verdict == Verdict.OPEN


class DuplicateRecord(models.Model):
    """`facts` by name, as they stood in the extract. `stands`: this one keeps the LASID, or goes on;
    `corrected`: the LASID that another child has in truth."""

    group = models.ForeignKey(DuplicateGroup, on_delete=models.CASCADE, related_name="records")
    key = models.CharField(max_length=120)
    lasid = models.CharField(max_length=20)
    line = models.BigIntegerField(null=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    stands = models.BooleanField(default=False)
    corrected = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["line", "pk"]
        constraints = [models.UniqueConstraint(fields=["group", "key"], name="a_record_once_in_a_group")]

    class Privacy:
        safe = "id group line district stands"
        secret = "key lasid facts corrected"

    def __str__(self) -> str:
        return f"record {self.pk} of group {self.group_id}"
