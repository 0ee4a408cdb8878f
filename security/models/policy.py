"""What a district records each school year: its policy, how access is removed, its training (SEC-01..03, 45).

A correction is a new row; the latest one counts.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from documents.models import Document
from organizations.models import District
from security.models.user import User


class Recorded(models.Model):
    """By whom and when, for which school year, with the document itself where there is one."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    school_year = models.CharField(max_length=7, help_text="such as 2026-27")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["-recorded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} of district {self.district_id}, {self.school_year}"


KEPT = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class SecurityPolicy(Recorded):
    """The written policy; it says what it says about IEPs (SEC-02)."""

    adopted_on = models.DateField()
    iep_section = models.TextField(help_text="what the policy says about the security of IEPs")

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(iep_section=""), name="policy_includes_iep_security"),
        ]
        triggers = KEPT

    class Privacy:
        safe = "id district school_year document recorded_by recorded_at adopted_on iep_section"
        secret = ""


class RemovalProcedure(Recorded):
    """Who removes access, and how soon, when somebody leaves or changes duties (SEC-45)."""

    steps = models.TextField()

    class Meta(Recorded.Meta):
        triggers = KEPT

    class Privacy:
        safe = "id district school_year document recorded_by recorded_at steps"
        secret = ""


class Training(Recorded):
    """One local training: when, about what, and who was there (SEC-03)."""

    held_on = models.DateField()
    topic = models.CharField(max_length=200)
    attendees = models.ManyToManyField(User, related_name="trainings")

    class Meta(Recorded.Meta):
        triggers = KEPT

    class Privacy:
        safe = "id district school_year document recorded_by recorded_at held_on topic attendees"
        secret = ""
