"""A child who comes with an IEP of elsewhere: the IEP of another state, and services comparable to it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ieps.models.iep import Iep
from journal.history import keeps_history
from organizations.models import District
from security.models import User
from students.models import Student
from students.models.one_child import ONLY_BY_A_MERGE


@keeps_history()
class OutsideIep(models.Model):
    """The facts of an IEP of another state, typed from its scan (34 CFR 300.323(f))."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="outside_ieps")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=2, help_text="where it was written")
    agency = models.CharField(max_length=120)
    meeting_date = models.DateField()
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    exceptionality = models.CharField(max_length=200)
    services = models.TextField()
    document_id = models.BigIntegerField(null=True, blank=True)
    received_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received_on", "-pk"]
        verbose_name = "IEP of another state"
        verbose_name_plural = "IEPs of other states"
        triggers = [ONLY_BY_A_MERGE, pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    class Privacy:
        safe = (
            "id student district state meeting_date first_day last_day document_id received_on by recorded_at"
        )
        secret = "agency exceptionality services"

    def __str__(self) -> str:
        return f"IEP of another state {self.pk}"


class HowEnded(models.TextChoices):
    ADOPTED = "ADOPTED", "the IEP was adopted"
    NEW_IEP = "NEW_IEP", "a new IEP is in effect"
    NOT_ELIGIBLE = "NOT_ELIGIBLE", "found not eligible"
    LEFT = "LEFT", "the student left"


@keeps_history()
class ComparableServices(models.Model):
    """Services comparable to those of the earlier IEP, from the first day until it is adopted or replaced.

    Authority: 34 CFR 300.323(e) and (f). `consulted`: the parent with whom they were agreed.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="comparable_services")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    iep = models.ForeignKey(Iep, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outside = models.ForeignKey(OutsideIep, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    services = models.TextField()
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    ended = models.CharField(max_length=12, choices=HowEnded.choices, blank=True)
    consulted = models.CharField(max_length=200)
    consulted_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-first_day", "-pk"]
        verbose_name_plural = "comparable services"
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None, ended="") | (Q(last_day__gte=F("first_day")) & ~Q(ended="")),
                name="comparable_services_end_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(iep=None, outside=None), name="comparable_services_to_some_iep"
            ),
            models.UniqueConstraint(
                fields=["student", "district"], condition=Q(last_day=None), name="comparable_services_once"
            ),
        ]
        triggers = [ONLY_BY_A_MERGE, pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    class Privacy:
        safe = "id student district iep outside first_day last_day ended consulted_on by recorded_at"
        secret = "services consulted"

    def __str__(self) -> str:
        return f"comparable services {self.pk}"
