"""The papers of an exit: attempts to reach the family, what was handed in, the prior written notice."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from enrollment.models.enrollment import Enrollment
from organizations.models import District
from students.models import Student
from students.models.one_child import ONLY_BY_A_MERGE, all_but_the_child


class ContactWay(models.TextChoices):
    PHONE = "PHONE", "telephone"
    LETTER = "LETTER", "letter"
    EMAIL = "EMAIL", "e-mail"
    TEXT = "TEXT", "text message"
    VISIT = "VISIT", "home visit"
    OTHER = "OTHER", "another way"


class Decision(models.TextChoices):
    OPEN = "", "not decided"
    ACCEPTED = "ACCEPTED", "accepted"
    REFUSED = "REFUSED", "refused"


class OfExit(models.Model):
    """What the papers of one exit share."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class ContactAttempt(OfExit):
    """One attempt to reach the family (OSSE R3.04, R5.09; 34 CFR 300.322(d)): the one log of contacts.

    Append-only: after a wrong one comes another. A child who is enrolled nowhere has attempts too, such as
    one who is only evaluated.
    """

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, null=True, related_name="contact_attempts"
    )
    on = models.DateField()
    at_time = models.TimeField(null=True)
    way = models.CharField(max_length=6, choices=ContactWay.choices)
    whom = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=500)
    document_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["on", "pk"]
        triggers = [
            ONLY_BY_A_MERGE,
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(all_but_the_child()),
            ),
        ]

    class Privacy:
        safe = "id student district by_id recorded_at enrollment on at_time way document_id"
        secret = "whom about result"

    def __str__(self) -> str:
        return f"contact attempt {self.pk}"


class ExitPaper(OfExit):
    """Documentation of an exit, handed in once, decided once by the state (OSSE R7.04, R9.05)."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="exit_papers")
    document_id = models.BigIntegerField()
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.OPEN, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="exit_paper_decided_with_its_instant",
            ),
            models.CheckConstraint(
                condition=~Q(decision="REFUSED") | ~Q(reason=""), name="exit_paper_refused_with_a_reason"
            ),
        ]

    class Privacy:
        safe = (
            "id student district by_id recorded_at enrollment document_id decision decided_by_id decided_at"
        )
        secret = "reason"

    def __str__(self) -> str:
        return f"exit paper {self.pk}"


class ExitNotice(OfExit):
    """Prior written notice before special education ends with an exit (OSSE R5.08, R5.09)."""

    enrollment = models.OneToOneField(Enrollment, on_delete=models.CASCADE, related_name="exit_notice")
    issued_on = models.DateField()
    document_id = models.BigIntegerField(null=True)

    class Privacy:
        safe = "id student district by_id recorded_at enrollment issued_on document_id"
        secret = ""

    def __str__(self) -> str:
        return f"exit notice {self.pk}"
