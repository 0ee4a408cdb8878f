"""What stands between a child's records and the state: one row per record and cause, not one per try."""

from django.db import models
from django.db.models import Q

from edfi.models.connection import Connection
from organizations.models import District
from security.models import User
from students.models import Student


class Needs(models.TextChoices):
    PERSON = "person", "needs a person"
    DEPENDENCY = "dependency", "waits for another record"
    RETRY = "retry", "being retried"
    DAY = "day", "waits for its day"
    NOTHING = "nothing", "sent, with a warning"


class TroubleQuerySet(models.QuerySet["Trouble"]):
    def open(self) -> "TroubleQuerySet":
        return self.filter(resolved_at=None)

    def cleared(self) -> "TroubleQuerySet":
        return self.exclude(resolved_at=None)


class Trouble(models.Model):
    """`code` and `about` group equal causes (`about`: the field, code or missing record to mend).

    `evaluation_id`: of a program record the id of its IEP. `held`: how many other records of the child wait
    with this one. `answer` is what the state said. Resolved ones are kept, with their notes.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="troubles")
    student = models.ForeignKey(
        Student, on_delete=models.DO_NOTHING, db_constraint=False, related_name="edfi_troubles"
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    evaluation_id = models.BigIntegerField()
    resource = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=120)
    about = models.CharField(max_length=400, blank=True)
    needs = models.CharField(max_length=12, choices=Needs.choices)
    who = models.CharField(max_length=30, blank=True)
    sentence = models.CharField(max_length=300)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    count = models.PositiveIntegerField(default=1)
    held = models.PositiveSmallIntegerField(default=0)
    assigned_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    retry_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    objects = TroubleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "student", "evaluation_id", "resource", "code", "about"],
                condition=Q(resolved_at=None),
                name="one_open_trouble_per_cause",
            ),
        ]
        indexes = [
            models.Index(
                fields=["connection", "retry_at"], name="edfi_to_try_again", condition=Q(resolved_at=None)
            ),
        ]

    class Privacy:
        safe = (
            "id connection student district evaluation_id resource code about needs who sentence status count"
            " held assigned_to first_seen last_seen retry_at resolved_at"
        )
        secret = "answer"

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


class TroubleNote(models.Model):
    """What a person found out about it; kept when it is cleared."""

    trouble = models.ForeignKey(Trouble, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=1000)

    class Meta:
        ordering = ["at", "pk"]

    class Privacy:
        safe = "id trouble by at"
        secret = "text"

    def __str__(self) -> str:
        return f"note {self.pk}"
