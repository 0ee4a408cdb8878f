"""A text that was taken over from an earlier IEP, and who looked at it since."""

from django.db import models
from django.db.models import Q

from ieps.models.iep import Iep
from ieps.models.only_drafts import ONLY_IN_A_DRAFT
from ieps.models.section_text import SectionText
from security.models import User

AS_COPIED = 1  # the version of a text that nobody has changed since it was taken over


class Carried(models.Model):
    """`looked_by` said that the text still holds; whoever changed it is known with the text."""

    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="carried")
    text = models.OneToOneField(SectionText, on_delete=models.CASCADE, related_name="carried")
    source = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="+")
    looked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = [ONLY_IN_A_DRAFT]
        constraints = [
            models.CheckConstraint(
                condition=Q(looked_at__isnull=True, looked_by__isnull=True)
                | Q(looked_at__isnull=False, looked_by__isnull=False),
                name="who_looked_at_a_carried_text_is_known",
            ),
        ]

    class Privacy:
        safe = "id iep text source looked_by looked_at"
        secret = ""

    def __str__(self) -> str:
        return f"carried {self.pk}"
