"""An assignment: this person has this role at this place, from a first to a last day."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from organizations.models import District, Site
from security.models.user import User
from security.rules.roles import Role


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def on(self, day: date) -> "AssignmentQuerySet":
        return self.filter(Q(last_day=None) | Q(last_day__gte=day), first_day__lte=day)


class Assignment(models.Model):
    """The source of every grant. Statewide when no place is named. Never deleted (SEC-44)."""

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
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(district=None) | Q(site=None), name="assignment_at_one_place"),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")), name="assignment_days_in_order"
            ),
        ]

    class Privacy:
        safe = "id user role district site iep_forms first_day last_day granted_by"
        secret = "reason"

    def __str__(self) -> str:
        return f"{self.role} of user {self.user_id}"

    @property
    def is_statewide(self) -> bool:
        return self.district_id is None and self.site_id is None
