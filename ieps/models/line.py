"""A line of a table of an IEP, or one of the plans of a section that repeats. Its texts lie beside it."""

from django.db import models
from django.db.models import Max, Q
from django.utils import timezone

from ieps.models.iep import Iep
from ieps.models.only_drafts import COMES_ALONG, ONLY_IN_A_DRAFT
from journal.history import keeps_history
from security.models import User


class LineQuerySet(models.QuerySet["Line"]):
    def standing(self) -> "LineQuerySet":
        return self.filter(removed_at__isnull=True)

    def next_place(self) -> int:
        return (self.aggregate(last=Max("place"))["last"] or 0) + 1


@keeps_history()
class Line(models.Model):
    """`table` is the key of a table field of the section, empty for a plan of a section that repeats.

    A line of a table inside a plan has that plan as its `parent`. A removed line keeps its texts.
    `came_from`: the line of an earlier IEP that this one was copied from, such as a goal that goes on.
    """

    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="lines")
    section = models.CharField(max_length=12)
    table = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    place = models.PositiveIntegerField()
    came_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    legacy_key = models.CharField(max_length=60, null=True, blank=True)
    load_run_id = models.BigIntegerField(null=True, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        triggers = [ONLY_IN_A_DRAFT, COMES_ALONG]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(removed_by__isnull=False),
                name="who_removed_a_line_is_known",
            ),
            models.UniqueConstraint(
                fields=["section", "legacy_key"],
                condition=Q(legacy_key__isnull=False),
                name="line_legacy_key_unique",
            ),
        ]

    class Privacy:
        safe = (
            "id iep section table parent place came_from added_by added_at removed_by removed_at load_run_id"
        )
        secret = "legacy_key"

    def __str__(self) -> str:
        return f"line {self.pk}"
