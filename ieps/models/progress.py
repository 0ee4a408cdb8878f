"""How far a child has come toward an annual goal: what was measured, and what the parents are told of it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evaluations.models.evaluation import changed
from ieps.models.iep import Iep
from ieps.models.line import Line
from journal.history import keeps_history
from organizations.models import District
from security.models import User
from students.models import Student
from students.models.one_child import ONLY_BY_A_MERGE, all_but_the_child

MEASURED = ["district_id", "goal_id", "on", "value", "unit", "method", "note", "by_id", "recorded_at"]


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def visible_to(self, user) -> "MeasurementQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def standing(self) -> "MeasurementQuerySet":
        return self.filter(withdrawn_at=None)


class Measurement(models.Model):
    """One value of a day toward a goal (34 CFR 300.320(a)(3)(i)). It stays; a mistake is withdrawn, once.

    `goal` is the plan of an IEP; a goal that goes on in the next IEP has lines that came from it.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="measurements")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    goal = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="measurements")
    on = models.DateField()
    value = models.DecimalField(max_digits=9, decimal_places=2)
    unit = models.CharField(max_length=40)
    method = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["goal", "on"], name="measured_of_a_goal")]
        triggers = [
            ONLY_BY_A_MERGE,
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="measured_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"{changed(MEASURED)} OR (OLD.withdrawn_at IS NOT NULL AND {all_but_the_child()})"
                ),
            ),
        ]

    class Privacy:
        safe = "id student district goal on by recorded_at withdrawn_by withdrawn_at"
        secret = "value unit method note"

    def __str__(self) -> str:
        return f"measurement {self.pk}"

    @property
    def measured(self) -> str:
        """ "42 words a minute" """
        return f"{self.value.normalize():f} {self.unit}"


class GoalReportQuerySet(models.QuerySet["GoalReport"]):
    def visible_to(self, user) -> "GoalReportQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def issued(self) -> "GoalReportQuerySet":
        return self.filter(notice_id__isnull=False)


@keeps_history()
class GoalReport(models.Model):
    """The progress of one goal in one period (34 CFR 300.320(a)(3)(ii)).

    `notice_id`: the notice by which the parents are told; from then on it stays as it is.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="goal_reports")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="goal_reports")
    goal = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="reports")
    first_day = models.DateField()
    last_day = models.DateField()
    sufficient = models.BooleanField(null=True, blank=True)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    notice_id = models.BigIntegerField(null=True, blank=True)

    objects = GoalReportQuerySet.as_manager()

    class Meta:
        ordering = ["-last_day", "goal"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "last_day"], name="one_report_of_a_goal_and_period"),
            models.CheckConstraint(
                condition=Q(notice_id=None) | (Q(sufficient__isnull=False) & ~Q(text="")),
                name="what_parents_are_told_is_whole",
            ),
        ]
        triggers = [
            ONLY_BY_A_MERGE,
            pgtrigger.Protect(
                name="told_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.notice_id IS NOT NULL AND {all_but_the_child()}"),
            ),
            pgtrigger.Protect(
                name="told_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.notice_id IS NOT NULL"),
            ),
        ]

    class Privacy:
        safe = "id student district iep goal first_day last_day version saved_by saved_at notice_id"
        secret = "sufficient text"

    def __str__(self) -> str:
        return f"progress {self.pk}"
