"""What is written in one field of one section: the unit of autosave."""

from django.db import models
from django.utils import timezone

from ieps.models.iep import Iep
from ieps.models.line import Line
from ieps.models.only_drafts import COMES_ALONG, ONLY_IN_A_DRAFT
from journal.history import keeps_history
from security.models import User

SET_ASIDE = "set_aside"  # how the history calls a text that did not win


@keeps_history()
class SectionText(models.Model):
    """`section` and `field` are ids of ieps/rules/iep_fields.csv. `version` grows by one with each save.

    A text of a line begins with the line: `12.name`.
    """

    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="texts")
    section = models.CharField(max_length=12)
    field = models.CharField(max_length=60)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, null=True, blank=True, related_name="texts")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    load_run_id = models.BigIntegerField(null=True, blank=True)
    merged_with: User | None = None  # whose change a save brought together with that of `saved_by`

    class Meta:
        constraints = [models.UniqueConstraint(fields=["iep", "section", "field"], name="one_text_per_field")]
        triggers = [ONLY_IN_A_DRAFT, COMES_ALONG]

    class Privacy:
        safe = "id iep section field line version saved_by saved_at load_run_id"
        secret = "text"

    def __str__(self) -> str:
        return f"{self.section}.{self.field}"
