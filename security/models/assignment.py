"""An assignment: this person has this role at this place, from a first to a last day."""

from datetime import date, datetime, time

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from journal.history import keeps_history
from organizations.models import District, Site, SiteAffiliation
from security.models.user import User
from security.rules.roles import Role


class EndReason(models.TextChoices):
    """Why a role ended before or at its last day (SEC-44)."""

    EMPLOYMENT_ENDED = "EMPLOYMENT_ENDED", "employment ended"
    DUTIES_CHANGED = "DUTIES_CHANGED", "duties changed"
    REVIEW = "REVIEW", "removed by a review"
    STAFF_FILE = "STAFF_FILE", "not in the staff file"
    IEP_FORMS_ENDED = "IEP_FORMS_ENDED", "goes on without IEP Forms"
    TRANSITION_ROLLUP = "TRANSITION_ROLLUP", "reached through the district since the cut-over"
    NO_LONGER_NEEDED = "NO_LONGER_NEEDED", "no longer needed"
    MISTAKE = "MISTAKE", "given by mistake"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def on(self, day: date) -> "AssignmentQuerySet":
        """In force at some time of the day."""
        begins = timezone.make_aware(datetime.combine(day, time.min))
        agreed = Q(last_day=None) | Q(last_day__gte=day)
        return self.filter(agreed, Q(ended_at=None) | Q(ended_at__gt=begins), first_day__lte=day)

    def running(self, at: datetime | None = None) -> "AssignmentQuerySet":
        """Begun and not ended, right now or at the instant; also of people who are suspended."""
        at = at or timezone.now()
        day = timezone.localdate(at)
        return self.on(day).filter(Q(ended_at=None) | Q(ended_at__gt=at))

    def in_force(self, at: datetime | None = None) -> "AssignmentQuerySet":
        """Those that count, right now or at the instant: not of people suspended at the district (SEC-42)."""
        from security.models.removal import Absence

        oversees = SiteAffiliation.objects.on(timezone.localdate(at or timezone.now()))
        there = (
            Q(district=OuterRef("district"))
            | Q(district=OuterRef("site__district"))
            | Q(district__in=oversees.filter(site=OuterRef(OuterRef("site"))).values("district"))
        )
        suspended = Absence.objects.suspended().filter(there, user=OuterRef("user"))
        return self.running(at).filter(~Exists(suspended))

    def at_district(self, district: District) -> "AssignmentQuerySet":
        """Those the district answers for: at itself, and at its sites."""
        return self.filter(Q(district=district) | Q(site__district=district))

    def reaching(self, district: District, day: date) -> "AssignmentQuerySet":
        """At the district, at its sites, and at the sites that it oversees on the day."""
        affiliated = SiteAffiliation.objects.on(day).filter(district=district).values("site")
        own = Q(district=district) | Q(site__district=district)
        return self.filter(own | Q(site__in=affiliated))

    def answered_by_the_state(self, day: date) -> "AssignmentQuerySet":
        """For the whole state, and at sites that no district oversees on the day: no district ends them."""
        overseen = SiteAffiliation.objects.on(day).values("site")
        orphan = Q(site__isnull=False, site__district=None) & ~Q(site__in=overseen)
        return self.filter(Q(district=None, site=None) | orphan)

    def unended(self, at: datetime) -> "AssignmentQuerySet":
        """Running at the instant or still to begin."""
        agreed = Q(last_day=None) | Q(last_day__gte=timezone.localdate(at))
        return self.filter(agreed, Q(ended_at=None) | Q(ended_at__gt=at))


@keeps_history()
class Assignment(models.Model):
    """The source of every grant. Statewide when no place is named. Never deleted (SEC-44).

    `last_day` is what was agreed; `ended_at` is the instant from which it counts no longer, with who ended it
    and why.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    iep_forms = models.BooleanField(default=False, help_text="may write in IEP forms (SEC-15)")
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    request = models.ForeignKey(
        "security.AccessRequest", on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=20, choices=EndReason.choices, blank=True)
    end_note = models.CharField(max_length=200, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(district=None) | Q(site=None), name="assignment_at_one_place"),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")), name="assignment_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | Q(ended_at__isnull=False) & ~Q(end_reason=""),
                name="assignment_ends_for_a_reason",
            ),
        ]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    class Privacy:
        safe = (
            "id user role district site iep_forms first_day last_day request approved_by granted_by ended_at"
            " ended_by end_reason"
        )
        secret = "reason end_note"

    def __str__(self) -> str:
        return f"{self.role} of user {self.user_id}"

    @property
    def is_statewide(self) -> bool:
        return self.district_id is None and self.site_id is None

    @property
    def state_id(self) -> int | None:
        """The state of its place, from what is loaded already; None for a statewide role."""
        return getattr(self.place, "state_id", None)

    @property
    def place(self) -> District | Site | None:
        return self.district or self.site
