"""Parents ask to see the records of their child, and are answered within 45 days."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evaluations.rules.clock import Due
from evaluations.rules.standing import Standing, standing
from notices.rules.sending import records_due
from organizations.models import District
from students.models import Student
from students.models.one_child import ONLY_BY_A_MERGE, all_but_the_child


class Way(models.TextChoices):
    SHOWN = "SHOWN", "inspected at the school or office"
    COPIES = "COPIES", "copies given"
    ONLINE = "ONLINE", "shown or sent electronically"
    WITHDRAWN = "WITHDRAWN", "taken back by who asked"


class RecordsRequestQuerySet(models.QuerySet["RecordsRequest"]):
    def visible_to(self, user) -> "RecordsRequestQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def open(self) -> "RecordsRequestQuerySet":
        return self.filter(answered_on=None)

    def answered(self) -> "RecordsRequestQuerySet":
        return self.filter(answered_on__isnull=False)


class RecordsRequest(models.Model):
    """34 CFR 99.10(b), 300.613(a) (D24). `meeting_on`: an IEP meeting or hearing before which it is answered.

    Answered once, and kept as answered (trigger).
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="records_requests")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=200)
    asked_on = models.DateField()
    what = models.CharField(max_length=500)
    meeting_on = models.DateField(null=True, blank=True)
    by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    answered_on = models.DateField(null=True, blank=True)
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_by_id = models.BigIntegerField(null=True)

    objects = RecordsRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on=None, way="")
                | (Q(answered_on__isnull=False) & Q(answered_on__gte=models.F("asked_on")) & ~Q(way="")),
                name="records_request_answered_in_a_way",
            )
        ]
        triggers = [
            ONLY_BY_A_MERGE,
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.answered_on IS NOT NULL AND {all_but_the_child()}"),
            ),
        ]

    class Privacy:
        safe = "id student district asked_on meeting_on by_id recorded_at answered_on way answered_by_id"
        secret = "asked_by what answer"

    def __str__(self) -> str:
        return f"records request {self.pk}"

    def due(self, profile: str) -> Due:
        """`profile` of the state of the child."""
        return records_due(profile, self.asked_on, self.meeting_on)

    def standing(self, profile: str, today: date) -> Standing:
        excuse = "taken back" if self.way == Way.WITHDRAWN else ""
        return standing(self.due(profile).day, self.answered_on, today, excuse)
