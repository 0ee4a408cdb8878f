"""A finding followed over the runs: whose it is, what was done about it, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from migration.models.load_run import LoadRun
from organizations.models import District, State
from security.models import User


class CaseState(models.TextChoices):
    """`GONE`: a later extract does not have it any more; nobody has to say so."""

    OPEN = "OPEN", "open"
    FIXED = "FIXED", "fixed in the records"
    EXPLAINED = "EXPLAINED", "explained"
    LEFT = "LEFT", "left as it is"
    GONE = "GONE", "mended by a new extract"


class Deed(models.TextChoices):
    HANDED = "HANDED", "handed to the district"
    GIVEN = "GIVEN", "given to a person"
    NOTED = "NOTED", "noted"
    FIXED = "FIXED", "fixed in the records"
    EXPLAINED = "EXPLAINED", "explained"
    LEFT = "LEFT", "left as it is"
    SETTLED = "SETTLED", "settled in the merge queue"
    AGAIN = "AGAIN", "found again, open again"
    GONE = "GONE", "not found any more"


CLOSED_BY_A_PERSON = (CaseState.FIXED, CaseState.EXPLAINED, CaseState.LEFT)


class FindingCaseQuerySet(models.QuerySet["FindingCase"]):
    def open(self) -> "FindingCaseQuerySet":
        return self.filter(state=CaseState.OPEN)

    def with_the_district(self) -> "FindingCaseQuerySet":
        return self.exclude(handed_at=None)


class FindingCase(models.Model):
    """One for each rule and legacy key of a state. `line`, `value` and `original` are those of `last_run`;
    `original` is the line without its Social Security number. The state keeps it until `handed_at`."""

    of_state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=6)
    severity = models.CharField(max_length=7)
    record_type = models.CharField(max_length=3)
    key = models.CharField(max_length=120)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.BigIntegerField(null=True)
    value = models.TextField(blank=True)
    original = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=CaseState.choices, default=CaseState.OPEN)
    handed_at = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    first_run = models.ForeignKey(LoadRun, on_delete=models.PROTECT, related_name="+")
    last_run = models.ForeignKey(LoadRun, on_delete=models.PROTECT, related_name="+")
    times = models.PositiveSmallIntegerField(default=1, help_text="in how many runs it was found")

    objects = FindingCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of_state", "rule", "record_type", "key"], name="one_case_per_rule_and_key"
            ),
        ]
        indexes = [
            models.Index(fields=["district", "rule"], name="rollover_open_cases", condition=Q(state="OPEN")),
        ]

    class Privacy:
        safe = (
            "id of_state rule severity record_type district line state handed_at assigned_to first_run"
            " last_run times"
        )
        secret = "key value original"

    def __str__(self) -> str:
        return f"{self.rule} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == CaseState.OPEN


class CaseStep(models.Model):
    """What was done about it, or what a run found; `by` is None for a run."""

    case = models.ForeignKey(FindingCase, on_delete=models.CASCADE, related_name="steps")
    deed = models.CharField(max_length=9, choices=Deed.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(LoadRun, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    class Privacy:
        safe = "id case deed at by to run"
        secret = "words"

    def __str__(self) -> str:
        return f"step {self.pk}"
