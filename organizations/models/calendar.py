"""School years and calendars: what counts as a day here."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from organizations.models.place import District, Site, State


class SchoolYear(models.Model):
    """Named after both years, such as 2026-27; the first and last day are the state's."""

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="school_years")
    name = models.CharField(max_length=7)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.UniqueConstraint(fields=["state", "name"], name="school_year_unique"),
            models.CheckConstraint(condition=Q(last_day__gt=F("first_day")), name="school_year_in_order"),
        ]

    class Privacy:
        safe = "id state name first_day last_day"
        secret = ""

    def __str__(self) -> str:
        return self.name


class Calendar(models.Model):
    """A district's calendar of one year; a site may have its own (summer school, for example)."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="calendars")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="calendars", null=True, blank=True)
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="calendars")
    name = models.CharField(max_length=60)
    first_school_day = models.DateField()
    last_school_day = models.DateField()
    state_exclude = models.BooleanField(default=False)
    summer_school = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["district", "site", "school_year", "name"],
                name="calendar_unique",
                nulls_distinct=False,
            ),
        ]

    class Privacy:
        safe = (
            "id district site school_year name first_school_day last_school_day state_exclude summer_school"
        )
        secret = ""

    def __str__(self) -> str:
        return self.name

    def closed_days(self) -> frozenset[date]:
        """Weekdays without school."""
        return frozenset(self.closed.values_list("day", flat=True))


class ClosedDay(models.Model):
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="closed")
    day = models.DateField()
    reason = models.CharField(max_length=80)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="closed_day_unique")]

    class Privacy:
        safe = "id calendar day reason"
        secret = ""

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"
