"""A count of one district, frozen at an instant: who stood where on the count day, as it was known then."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from organizations.models import District
from organizations.rules.calendar import in_words
from security.models import User
from security.rules.roles import Permission
from security.scope import scope_of


class Kind(models.TextChoices):
    COUNT = "COUNT", "child count"
    EXITS = "EXITS", "exits of a year"


class SnapshotState(models.TextChoices):
    FROZEN = "FROZEN", "frozen"
    CERTIFIED = "CERTIFIED", "certified"
    REOPENED = "REOPENED", "reopened"
    REPLACED = "REPLACED", "replaced by a later one"


FROZEN = ("district_id", "kind", "day", "count_date", "frozen_at", "frozen_by_id")


def _of(row: str) -> str:
    return f"ROW({', '.join(f'{row}.{name}' for name in FROZEN)})"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, user) -> "SnapshotQuerySet":
        """Of whole districts only: who reaches one school does not see the count of the others."""
        scope = scope_of(user, Permission.EXPORT)
        return self if scope.everything else self.filter(district_id__in=scope.district_ids)

    def standing(self) -> "SnapshotQuerySet":
        return self.exclude(state=SnapshotState.REPLACED)


class Snapshot(models.Model):
    """`day`: the count date, of exits the last day of the period; `count_date`: the date of the ages."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="snapshots")
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.COUNT)
    day = models.DateField()
    count_date = models.DateField()
    state = models.CharField(max_length=9, choices=SnapshotState.choices, default=SnapshotState.FROZEN)
    frozen_at = models.DateTimeField(default=timezone.now)
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    certified_at = models.DateTimeField(null=True)
    certified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_for = models.CharField(max_length=300, blank=True)
    enrolled = models.PositiveIntegerField(default=0, help_text="children of the district on the day")

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "district__name", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "kind", "day"],
                condition=~Q(state="REPLACED"),
                name="one_standing_snapshot_of_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="CERTIFIED") | Q(certified_at__isnull=False, certified_by__isnull=False),
                name="who_certified_a_count_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="REOPENED") | ~Q(reopened_for=""), name="a_count_is_reopened_for_a_reason"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="frozen_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"{_of('OLD')} IS DISTINCT FROM {_of('NEW')}"),
            ),
        ]

    class Privacy:
        safe = (
            "id district kind day count_date state frozen_at frozen_by certified_at certified_by"
            " reopened_at reopened_by reopened_for enrolled"
        )
        secret = ""

    def __str__(self) -> str:
        return f"snapshot {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("reports:snapshot", args=[self.pk])

    @property
    def is_certified(self) -> bool:
        return self.state == SnapshotState.CERTIFIED

    @property
    def is_reopened(self) -> bool:
        return self.state == SnapshotState.REOPENED

    @property
    def of_exits(self) -> bool:
        return self.kind == Kind.EXITS

    @property
    def called(self) -> str:
        day = in_words(self.day)
        return f"exits of the school year to {day}" if self.of_exits else f"child count of {day}"
