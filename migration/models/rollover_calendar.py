"""The calendar of a state's rollover, and who has accepted which run."""

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from migration.models.load_run import LoadRun
from migration.models.party import Party
from organizations.models import State
from security.models import User, ViewOnly


class RolloverCalendar(models.Model):
    """When each phase begins, as instants; they are shown and typed in the time zone of the state.

    `view_only` begins at the freeze by the clock; `live_run` and `went_live_at` are set by the go-live and
    taken away by a roll-back. Without such a row nothing is ever view only.
    """

    of_state = models.OneToOneField(State, on_delete=models.PROTECT, related_name="+")
    freeze_at = models.DateTimeField()
    transfer_at = models.DateTimeField()
    checks_at = models.DateTimeField()
    acceptance_at = models.DateTimeField(null=True)
    go_live_at = models.DateTimeField()
    view_only = models.ForeignKey(ViewOnly, on_delete=models.PROTECT, related_name="+")
    live_run = models.ForeignKey(LoadRun, on_delete=models.PROTECT, null=True, related_name="+")
    went_live_at = models.DateTimeField(null=True)
    writes_until = models.TextField(blank=True, help_text="the transactions that were over at the go-live")
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(freeze_at__lte=F("transfer_at"))
                & Q(transfer_at__lte=F("checks_at"))
                & Q(checks_at__lt=F("go_live_at"))
                & (Q(acceptance_at=None) | Q(acceptance_at__range=(F("checks_at"), F("go_live_at")))),
                name="phases_follow_each_other",
            ),
            models.CheckConstraint(
                condition=Q(went_live_at=None, live_run=None, writes_until="")
                | Q(went_live_at__gte=F("go_live_at"), live_run__isnull=False) & ~Q(writes_until=""),
                name="live_with_a_run_and_not_before_its_instant",
            ),
        ]

    class Privacy:
        safe = (
            "id of_state freeze_at transfer_at checks_at acceptance_at go_live_at view_only live_run"
            " went_live_at writes_until planned_by"
        )
        secret = ""

    def __str__(self) -> str:
        return f"rollover of {self.of_state}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.of_state.time_zone)

    @property
    def is_live(self) -> bool:
        return self.went_live_at is not None


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    def standing(self) -> "AcceptanceQuerySet":
        return self.filter(withdrawn_at=None)


class Acceptance(models.Model):
    """One party accepts one run, each by another person; a roll-back withdraws it."""

    run = models.ForeignKey(LoadRun, on_delete=models.PROTECT, related_name="acceptances")
    party = models.CharField(max_length=6, choices=Party.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "party"], condition=Q(withdrawn_at=None), name="accepted_once_by_each_party"
            ),
            models.UniqueConstraint(
                fields=["run", "by"], condition=Q(withdrawn_at=None), name="accepted_by_two_persons"
            ),
            models.CheckConstraint(condition=Q(party__in=Party.values), name="accepted_by_a_party"),
        ]

    class Privacy:
        safe = "id run party by at withdrawn_at"
        secret = ""

    def __str__(self) -> str:
        return f"{self.run} accepted by the {self.get_party_display()}"
