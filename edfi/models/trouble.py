"""What stands between a child's records and the state: one row per record and cause, not one per try."""

from django.db import models
from django.db.models import Q

from edfi.models.connection import Connection
from organizations.models import District
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


class Trouble(models.Model):
    """`code` groups equal causes; `answer` is what the state said. Resolved ones are kept."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="troubles")
    student = models.ForeignKey(
        Student, on_delete=models.DO_NOTHING, db_constraint=False, related_name="edfi_troubles"
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    evaluation_id = models.BigIntegerField()
    resource = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=120)
    needs = models.CharField(max_length=12, choices=Needs.choices)
    who = models.CharField(max_length=30, blank=True)
    sentence = models.CharField(max_length=300)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    count = models.PositiveIntegerField(default=1)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    retry_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    objects = TroubleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "student", "evaluation_id", "resource", "code"],
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
            "id connection student district evaluation_id resource code needs who sentence status count"
            " first_seen last_seen retry_at resolved_at"
        )
        secret = "answer"

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"
