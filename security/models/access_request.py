"""A person asks for a role at one or more places of one district; supervisor and coordinator decide."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from organizations.models import District, Site
from security.models.user import User
from security.rules.requests import OPEN, RequestState
from security.rules.roles import Role


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def open(self) -> "AccessRequestQuerySet":
        return self.filter(state__in=OPEN)

    def of_districts(self, ids) -> "AccessRequestQuerySet":
        return self.filter(district_id__in=ids)


class AccessRequest(models.Model):
    """`district` answers for every place that is asked for. `note`: why it was denied."""

    requester = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_requests")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="access_requests")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    iep_forms = models.BooleanField(default=False)
    reason = models.CharField(max_length=200)
    warning = models.CharField(max_length=300, blank=True)
    state = models.CharField(
        max_length=9,
        choices=[(state.value, state.value) for state in RequestState],
        default=RequestState.SUBMITTED,
    )
    submitted_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, state__in=OPEN) | Q(closed_at__isnull=False) & ~Q(state__in=OPEN),
                name="request_closed_with_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.APPROVED, RequestState.GRANTED])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="request_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.DENIED) | ~Q(note=""), name="request_denied_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["district", "submitted_at"], name="open_requests", condition=Q(state__in=OPEN)
            )
        ]

    class Privacy:
        safe = (
            "id requester district role iep_forms state submitted_at approved_by approved_at escalated_at"
            " closed_by closed_at"
        )
        secret = "reason warning note"

    def __str__(self) -> str:
        return f"request {self.pk} of user {self.requester_id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class AccessRequestPlace(models.Model):
    """One place of a request: the district itself or a site."""

    request = models.ForeignKey(AccessRequest, on_delete=models.CASCADE, related_name="places")
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(district=None, site__isnull=False) | Q(district__isnull=False, site=None),
                name="request_place_is_one_place",
            ),
            models.UniqueConstraint(
                fields=["request", "district", "site"], name="request_place_unique", nulls_distinct=False
            ),
        ]

    class Privacy:
        safe = "id request district site"
        secret = ""

    def __str__(self) -> str:
        return str(self.place)

    @property
    def place(self) -> District | Site:
        return self.district or self.site  # type: ignore[return-value]
