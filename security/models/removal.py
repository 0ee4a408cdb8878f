"""What takes access away: employment that ends, duties that change, a staff ID that vanished."""

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from journal.history import keeps_history
from organizations.models import District
from security.models.assignment import Assignment
from security.models.user import User


class DepartureQuerySet(models.QuerySet["Departure"]):
    def due(self, at: datetime) -> "DepartureQuerySet":
        """Their instant has come, and nobody has carried them out yet."""
        return self.filter(carried_out_at=None, withdrawn_at=None, ends_at__lte=at)

    def ahead(self, at: datetime) -> "DepartureQuerySet":
        return self.filter(withdrawn_at=None, ends_at__gt=at)


@keeps_history()
class Departure(models.Model):
    """Employment at a district ends at an instant: from then on no role there counts (SEC-40)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="departures")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="departures")
    ends_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200, blank=True)
    carried_out_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = DepartureQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        indexes = [
            models.Index(
                fields=["ends_at"],
                name="departures_to_come",
                condition=Q(carried_out_at=None, withdrawn_at=None),
            )
        ]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    class Privacy:
        safe = "id user district ends_at recorded_by recorded_at carried_out_at withdrawn_at withdrawn_by"
        secret = "note"

    def __str__(self) -> str:
        return f"departure of user {self.user_id}"


class JustificationQuerySet(models.QuerySet["Justification"]):
    def open(self, at: datetime) -> "JustificationQuerySet":
        """The role still counts, and not both have confirmed it."""
        return self.unconfirmed().filter(ends_at__gt=at, assignment__ended_at=F("ends_at"))

    def unconfirmed(self) -> "JustificationQuerySet":
        return self.filter(Q(supervisor=None) | Q(coordinator=None))


@keeps_history()
class Justification(models.Model):
    """A role after a change in duties: it ends unless supervisor and coordinator confirm it (SEC-41)."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="justifications")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200)
    ends_at = models.DateTimeField()
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    supervisor_at = models.DateTimeField(null=True, blank=True)
    coordinator = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    coordinator_at = models.DateTimeField(null=True, blank=True)

    objects = JustificationQuerySet.as_manager()

    class Meta:
        ordering = ["ends_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(supervisor=None) | Q(coordinator=None) | ~Q(supervisor=F("coordinator")),
                name="justified_by_two_people",
            )
        ]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    class Privacy:
        safe = (
            "id assignment recorded_by recorded_at ends_at supervisor supervisor_at"
            " coordinator coordinator_at"
        )
        secret = "note"

    def __str__(self) -> str:
        return f"justification of assignment {self.assignment_id}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def open(self) -> "AbsenceQuerySet":
        return self.filter(ended_at=None)

    def suspended(self) -> "AbsenceQuerySet":
        return self.open().exclude(suspended_at=None)


@keeps_history()
class Absence(models.Model):
    """A staff ID that the district's staff file lacks: flagged at the first miss, suspended at the second.

    While suspended, the person's roles of the district do not count. It ends when the staff ID is there
    again, or when the coordinator says why the person stays (SEC-42).
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    first_missed_on = models.DateField()
    last_missed_on = models.DateField()
    suspended_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_missed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "district"], name="one_open_absence", condition=Q(ended_at=None)
            )
        ]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    class Privacy:
        safe = "id user district first_missed_on last_missed_on suspended_at ended_at ended_by"
        secret = "note"

    def __str__(self) -> str:
        return f"absence of user {self.user_id}"


class StaffFile(models.Model):
    """One staff file as it was sent: looked through first, loaded when a person says so."""

    document_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    day = models.DateField(help_text="the day that the file speaks of")
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    loaded_at = models.DateTimeField(null=True, blank=True)
    missing = models.PositiveIntegerField(default=0)
    suspended = models.PositiveIntegerField(default=0)
    back = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-sent_at"]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    class Privacy:
        safe = "id document_id sha256 day sent_by sent_at loaded_at missing suspended back"
        secret = "name"

    def __str__(self) -> str:
        return f"staff file of {self.day}"
