"""Support access: one district for some hours, asked for with a reason, approved by that district."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from journal.history import keeps_history
from organizations.models import District
from security.models.user import User

MOST_HOURS = 8


class SupportGrantQuerySet(models.QuerySet["SupportGrant"]):
    def waiting(self) -> "SupportGrantQuerySet":
        return self.filter(approved_at=None, ended_at=None)

    def in_force(self) -> "SupportGrantQuerySet":
        return self.filter(ended_at=None, ends_at__gt=timezone.now())


@keeps_history()
class SupportGrant(models.Model):
    """Reads, never writes. `ends_at` is set by the approval; the grant is over at that minute by itself."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="support_grants")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="support_grants")
    reason = models.CharField(max_length=300)
    hours = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="before its time, or refused")
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SupportGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__range=(1, MOST_HOURS)), name="support_grant_for_hours"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("user")), name="support_grant_not_by_oneself"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None, ends_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, ends_at__isnull=False),
                name="support_grant_approval_whole",
            ),
        ]

    class Privacy:
        safe = "id user district hours asked_at approved_by approved_at ends_at ended_at ended_by"
        secret = "reason"

    def __str__(self) -> str:
        return f"{self.user} at {self.district}"

    @property
    def state(self) -> str:
        if self.ended_at:
            return "ended" if self.approved_at else "refused"
        if not self.approved_at:
            return "waiting"
        return "open" if self.ends_at > timezone.now() else "over"
