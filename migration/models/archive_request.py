"""Opening archived records: one asks with a purpose, another decides, each look is noted (RLO-13)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from migration.models.archived_student import ArchivedStudent
from organizations.models import District
from security.models import User
from security.rules.roles import Permission


class ArchiveRequestQuerySet(models.QuerySet["ArchiveRequest"]):
    def visible_to(self, user: User) -> "ArchiveRequestQuerySet":
        """The own requests while the district is still the person's, and those that this person decides."""
        mine = ArchivedStudent.objects.open_to(user)
        decides = ArchivedStudent.objects.open_to(user, Permission.DECIDE_ARCHIVE)
        return self.filter(
            Q(asked_by=user, archive__in=mine.values("pk")) | Q(archive__in=decides.values("pk"))
        )

    def waiting(self) -> "ArchiveRequestQuerySet":
        return self.filter(decided_at=None)


class ArchiveRequest(models.Model):
    """`district`: whose supervisor decides. `ends_at` is set by the approval; it is over then by itself."""

    archive = models.ForeignKey(ArchivedStudent, on_delete=models.PROTECT, related_name="requests")
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=300)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    approved = models.BooleanField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    objects = ArchiveRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="archive_request_not_by_oneself",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, approved=None, ends_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, approved=True, ends_at__isnull=False)
                | Q(decided_by__isnull=False, decided_at__isnull=False, approved=False, ends_at=None),
                name="archive_request_decision_whole",
            ),
            models.UniqueConstraint(
                fields=["archive", "asked_by"],
                condition=Q(decided_at=None),
                name="archive_asked_once",
            ),
        ]

    class Privacy:
        safe = "id archive district asked_by asked_at approved decided_by decided_at ends_at"
        secret = "purpose answer"

    def __str__(self) -> str:
        return f"archive request {self.pk}"

    @property
    def state(self) -> str:
        """waiting, refused, open or over."""
        if self.approved is None:
            return "waiting"
        if not self.approved:
            return "refused"
        return "open" if self.ends_at > timezone.now() else "over"  # type: ignore[operator]


class ArchiveVisit(models.Model):
    """A look at archived records: append-only, for the parent who asks (34 CFR 300.614).

    Without a request: the state reconciles the rollover, and sees a record beside its line of the extract.
    """

    request = models.ForeignKey(ArchiveRequest, on_delete=models.PROTECT, null=True, related_name="visits")
    archive = models.ForeignKey(ArchivedStudent, on_delete=models.PROTECT, related_name="visits")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=60)

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    class Privacy:
        safe = "id request archive by at what"
        secret = ""

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
