"""Jurisdiction: which district answers for the child, from which day to which."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from journal.history import keeps_history
from organizations.models import District, Site
from organizations.models.place import DateRange, OnDayQuerySet
from students.models.one_child import ONLY_BY_A_MERGE
from students.models.student import Source, Student


class JurisdictionQuerySet(OnDayQuerySet):
    def open(self) -> "JurisdictionQuerySet":
        return self.filter(last_day=None)


@keeps_history()
class Jurisdiction(models.Model):
    """Two districts never answer for one day, except for legacy rows still in dispute (`contested`)."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="jurisdictions")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="jurisdictions")
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="jurisdictions", null=True, blank=True
    )
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    local_student_id = models.CharField(max_length=20, blank=True)
    contested = models.BooleanField(default=False)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.ESER)
    legacy_key = models.CharField(max_length=60, null=True, blank=True)
    load_run_id = models.BigIntegerField(null=True, blank=True)
    continuity = models.BooleanField(
        default=False, help_text="older than the cut, kept because still in force"
    )

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        triggers = [ONLY_BY_A_MERGE]
        constraints = [
            ExclusionConstraint(
                name="one_responsible_district_at_a_time",
                expressions=[("student", RangeOperators.EQUAL), (DateRange(), RangeOperators.OVERLAPS)],
                condition=Q(contested=False),
            ),
            models.CheckConstraint(
                condition=Q(contested=True) | Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="jurisdiction_days_in_order",
            ),
            models.UniqueConstraint(fields=["source", "legacy_key"], name="jurisdiction_legacy_key_unique"),
        ]
        indexes = [
            models.Index(fields=["local_student_id"], name="by_local_id", condition=~Q(local_student_id="")),
        ]

    class Privacy:
        safe = "id student district site first_day last_day contested source load_run_id continuity"
        secret = "local_student_id legacy_key"

    def __str__(self) -> str:
        return f"jurisdiction {self.pk}"
