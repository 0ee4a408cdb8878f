"""Who signed what stands in an IEP: on the screen, typed or drawn, or on paper that was scanned."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from documents.models import Document
from ieps.models.iep import Iep
from ieps.models.line import Line
from ieps.models.only_drafts import ONLY_IN_A_DRAFT
from security.models import User


class Purpose(models.TextChoices):
    TEAM = "TEAM", "took part"
    CONSENT = "CONSENT", "answer of the parents"
    APPROVAL = "APPROVAL", "approval"


class Way(models.TextChoices):
    TYPED = "TYPED", "typed"
    DRAWN = "DRAWN", "drawn"
    PAPER = "PAPER", "on paper"


class SignatureQuerySet(models.QuerySet["Signature"]):
    def of_purpose(self, purpose: Purpose) -> "SignatureQuerySet":
        return self.filter(purpose=purpose)


class Signature(models.Model):
    """`sha256` is the seal of the content that was signed: a later change of a text makes it void.

    `role` and `answer` are codes (participant_roles.csv, services_consents.csv); `drawing` is an SVG path.
    `recorded_by` was signed in when it was given; `ip` is the address that it came from.
    """

    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="signatures")
    line = models.ForeignKey(Line, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    role = models.CharField(max_length=3)
    name = models.CharField(max_length=120)
    answer = models.CharField(max_length=3, blank=True)
    way = models.CharField(max_length=5, choices=Way.choices)
    drawing = models.TextField(blank=True)
    paper = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    ip = models.GenericIPAddressField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        triggers = [ONLY_IN_A_DRAFT, pgtrigger.Protect(name="is_not_rewritten", operation=pgtrigger.Update)]
        constraints = [
            models.CheckConstraint(
                condition=Q(way=Way.PAPER, paper__isnull=False) | (~Q(way=Way.PAPER) & Q(paper__isnull=True)),
                name="signed_paper_is_kept",
            ),
            models.CheckConstraint(
                condition=~Q(way=Way.DRAWN) | ~Q(drawing=""), name="a_drawn_signature_has_its_drawing"
            ),
        ]

    class Privacy:
        safe = "id iep line purpose role answer way paper signed_on sha256 recorded_by recorded_at"
        secret = "name drawing ip"

    def __str__(self) -> str:
        return f"signature {self.pk}"
