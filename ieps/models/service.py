"""A special education or related service, from its first to its last day."""

from django.db import models

from ieps.models.iep import Iep
from journal.history import keeps_history
from organizations.models import District
from students.models import Source, Student
from students.models.one_child import ONLY_BY_A_MERGE


@keeps_history()
class Service(models.Model):
    """`code`, `recipient`, `termination`, `per`, `location` are codes of ieps/rules, kept as given.

    `iep` is the one that it follows from; legacy services have none.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="services")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", null=True)
    code = models.CharField(max_length=3)
    recipient = models.CharField(max_length=3)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    termination = models.CharField(max_length=3, blank=True)
    iep = models.ForeignKey(Iep, on_delete=models.PROTECT, null=True, blank=True, related_name="services")
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="a session")
    sessions = models.PositiveIntegerField(null=True, blank=True)
    per = models.CharField(max_length=1, blank=True)
    location = models.CharField(max_length=3, blank=True)
    provider_staff_id = models.CharField(max_length=10, blank=True)
    provider_since = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.ESER)
    legacy_key = models.CharField(max_length=60, null=True, blank=True)
    load_run_id = models.BigIntegerField(null=True, blank=True)
    continuity = models.BooleanField(
        default=False, help_text="older than the cut, kept because still in force"
    )

    class Meta:
        ordering = ["-first_day"]
        triggers = [ONLY_BY_A_MERGE]
        constraints = [
            models.UniqueConstraint(fields=["source", "legacy_key"], name="service_legacy_key_unique"),
        ]

    class Privacy:
        safe = (
            "id student district iep code recipient minutes sessions per location first_day last_day"
            " termination provider_since source load_run_id continuity"
        )
        secret = "provider_staff_id legacy_key"

    def __str__(self) -> str:
        return f"service {self.pk}"
