"""Two usernames for one staff ID: kept and shown until a coordinator resolves it (SEC-11)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from security.models.user import User


class Resolution(models.TextChoices):
    HOLDER_KEEPS = "HOLDER_KEEPS", "stays with the username that has it"
    CLAIMANT_GETS = "CLAIMANT_GETS", "goes to the username that asked"


class StaffIdConflictQuerySet(models.QuerySet["StaffIdConflict"]):
    def open(self) -> "StaffIdConflictQuerySet":
        return self.filter(resolved_at=None)

    def of_districts(self, ids) -> "StaffIdConflictQuerySet":
        """Those that one of the districts has a part in."""
        return self.filter(Q(claimant__district_id__in=ids) | Q(holder__district_id__in=ids))

    def of_no_district(self) -> "StaffIdConflictQuerySet":
        return self.filter(claimant__district=None, holder__district=None)


class StaffIdConflict(models.Model):
    staff_id = models.CharField(max_length=10)
    claimant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    resolution = models.CharField(max_length=13, choices=Resolution.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    objects = StaffIdConflictQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff_id", "claimant"], condition=Q(resolved_at=None), name="one_conflict_is_open"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | ~Q(reason="") & ~Q(resolution=""),
                name="conflict_resolved_with_a_reason",
            ),
        ]

    class Privacy:
        safe = "id claimant holder at resolution resolved_by resolved_at"
        secret = "staff_id reason"

    def __str__(self) -> str:
        return f"conflict {self.pk} of users {self.claimant_id} and {self.holder_id}"
