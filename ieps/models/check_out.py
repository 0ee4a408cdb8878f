"""Who wants a section alone: one at a time, for a while."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ieps.models.iep import Iep
from security.models import User

GRACE = timedelta(minutes=1)  # a reload leaves the page and comes back


class CheckOutQuerySet(models.QuerySet["CheckOut"]):
    def open(self) -> "CheckOutQuerySet":
        """Not ended by anybody; its time may be over."""
        return self.filter(ended_at=None)

    def held(self) -> "CheckOutQuerySet":
        return self.open().filter(until__gt=timezone.now())


class CheckOut(models.Model):
    """Rows are ended, never removed or changed otherwise, so they are their own history; the journal tells
    them too. `until` moves with each keystroke of the holder.
    """

    class End(models.TextChoices):
        GIVEN_BACK = "GIVEN_BACK", "given back"
        EXPIRED = "EXPIRED", "its time was over"
        BROKEN = "BROKEN", "taken away"

    iep = models.ForeignKey(Iep, on_delete=models.CASCADE, related_name="check_outs")
    section = models.CharField(max_length=12)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    objects = CheckOutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["iep", "section"], condition=Q(ended_at=None), name="one_open_check_out_per_section"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | (Q(ended_at__gte=F("taken_at")) & ~Q(end="")),
                name="check_out_ended_somehow",
            ),
            models.CheckConstraint(
                condition=~Q(end="BROKEN") | (Q(ended_by__isnull=False) & ~Q(reason="")),
                name="check_out_broken_with_a_reason",
            ),
        ]

    class Privacy:
        safe = "id iep section by taken_at until ended_at end ended_by"
        secret = "reason"

    def __str__(self) -> str:
        return f"check-out {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.until <= timezone.now()


def until_when() -> datetime:
    """The end of a check-out whose holder typed just now."""
    return timezone.now() + timedelta(minutes=settings.ESER_CHECK_OUT_MINUTES)
