"""Special education activity: from the first service to the exit from special education."""

from datetime import date

from django.db import models
from django.db.models import Q

from journal.history import keeps_history
from organizations.models import District
from students.models import Source, Student
from students.models.one_child import ONLY_BY_A_MERGE


class ActivityQuerySet(models.QuerySet["SpecialEducationActivity"]):
    def going_on(self, on: date) -> "ActivityQuerySet":
        """Not over on the day: the last day is the first one off the roster (OSSE R4.02)."""
        return self.filter(Q(last_day=None) | Q(last_day__gt=on))


@keeps_history()
class SpecialEducationActivity(models.Model):
    """`exit_reason` is a code of rules/sped_exits.csv, kept as given. A `last_day` ahead is announced."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="activities")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", null=True)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    exit_reason = models.CharField(max_length=6, blank=True)
    reevaluation_declined_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.ESER)
    legacy_key = models.CharField(max_length=60, null=True, blank=True)
    load_run_id = models.BigIntegerField(null=True, blank=True)
    continuity = models.BooleanField(
        default=False, help_text="older than the cut, kept because still in force"
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day"]
        triggers = [ONLY_BY_A_MERGE]
        verbose_name_plural = "special education activities"
        constraints = [
            models.UniqueConstraint(fields=["source", "legacy_key"], name="activity_legacy_key_unique"),
        ]

    class Privacy:
        safe = (
            "id student district first_day last_day exit_reason reevaluation_declined_on"
            " source load_run_id continuity"
        )
        secret = "legacy_key"

    def __str__(self) -> str:
        return f"activity {self.pk}"

    def goes_on(self, on: date) -> bool:
        return self.last_day is None or self.last_day > on
