"""Consent of the parents to special education and related services: given or refused, and withdrawn."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from evaluations.models.evaluation import changed
from organizations.models import District
from students.models import Student
from students.models.one_child import ONLY_BY_A_MERGE, all_but_the_child

ANSWER = ["given", "answered_on", "signed_by", "document_id", "by_id", "recorded_at"]


class ServicesConsentQuerySet(models.QuerySet["ServicesConsent"]):
    def visible_to(self, user) -> "ServicesConsentQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def standing(self) -> "ServicesConsentQuerySet":
        """Given, and not withdrawn: services may begin (34 CFR 300.300(b)(1), D06)."""
        return self.filter(given=True, revoked_on=None)

    def last_given(self, student: Student) -> "ServicesConsent | None":
        """Held for a change of its end."""
        rows = self.filter(student=student, given=True).select_for_update(of=("self",))
        return rows.select_related("district__state").first()


class ServicesConsent(models.Model):
    """34 CFR 300.300(b). The answer stays; a withdrawal is added once, and the end of services, whose day may
    change until it has come."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="services_consents")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    given = models.BooleanField()
    answered_on = models.DateField(help_text="the day on which the signed answer came in")
    signed_by = models.CharField(max_length=200)
    document_id = models.BigIntegerField(null=True)
    by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    revoked_on = models.DateField(null=True, blank=True)
    revoked_how = models.CharField(max_length=500, blank=True)
    revoked_document_id = models.BigIntegerField(null=True)
    services_end_on = models.DateField(null=True, blank=True)

    objects = ServicesConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-answered_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_on=None) | Q(given=True, revoked_on__gte=F("answered_on")),
                name="services_consent_withdrawn_after_it_was_given",
            ),
            models.CheckConstraint(
                condition=Q(services_end_on=None) | Q(revoked_on__lte=F("services_end_on")),
                name="services_end_after_the_withdrawal",
            ),
        ]
        triggers = [
            ONLY_BY_A_MERGE,
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="answer_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(changed(ANSWER)),
            ),
            pgtrigger.Protect(
                name="ended_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.services_end_on < CURRENT_DATE AND {all_but_the_child()}"
                ),
            ),
        ]

    class Privacy:
        safe = (
            "id student district given answered_on document_id by_id recorded_at revoked_on"
            " revoked_document_id services_end_on"
        )
        secret = "signed_by revoked_how"

    def __str__(self) -> str:
        return f"services consent {self.pk}"

    def may_end(self, today: date) -> bool:
        """Withdrawn, and the day on which services end has not come."""
        return self.revoked_on is not None and (self.services_end_on is None or self.services_end_on > today)
