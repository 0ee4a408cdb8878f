"""A notice to parents and its deliveries. Once issued, the database lets nothing of it change."""

from datetime import date
from enum import StrEnum

import pgtrigger
from django.db import models
from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone

from evaluations.models.locked_report import hash_of
from journal.history import keeps_history
from notices.rules.channels import channel_name
from notices.rules.kinds import Kind, notice_row
from organizations.models import District
from students.models import Student
from students.models.one_child import ONLY_BY_A_MERGE, all_but_the_child


class Status(StrEnum):
    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    DELIVERED = "DELIVERED"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user) -> "NoticeQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def drafts(self) -> "NoticeQuerySet":
        return self.filter(issued_on=None)

    def issued(self) -> "NoticeQuerySet":
        return self.filter(issued_on__isnull=False)

    def undelivered(self) -> "NoticeQuerySet":
        """Issued, and on no way to the parents yet."""
        return self.issued().exclude(_delivered())

    def delivered(self) -> "NoticeQuerySet":
        return self.filter(_delivered())

    def standing(self) -> "NoticeQuerySet":
        """Issued, and not replaced by another issued one."""
        return self.issued().exclude(replaced_by__issued_on__isnull=False)

    def of_evaluation(self, evaluation_id: int) -> "NoticeQuerySet":
        return self.filter(evaluation_id=evaluation_id)

    def first_delivered(self, kind: str, of: str = "student_id") -> dict[int, date]:
        """By student, the day on which a notice of this kind first reached the parents.

        `of`: by "evaluation_id" or "enrollment_id" instead, for notices about these.
        """
        rows = self.filter(kind=kind, deliveries__isnull=False).exclude(**{of: None}).order_by()
        first = rows.values(of).annotate(day=Min("deliveries__on"))
        return dict(first.values_list(of, "day"))

    def safeguards_given(self, first_day: date, last_day: date) -> dict[int, date]:
        """By student, the first copy of the procedural safeguards of a school year (D22)."""
        within = {"deliveries__on__gte": first_day, "deliveries__on__lte": last_day}
        return self.filter(**within).first_delivered(Kind.SAFEGUARDS)


def _delivered() -> Exists:
    return Exists(Delivery.objects.filter(notice=OuterRef("pk")))


@keeps_history()
class Notice(models.Model):
    """`kind` of rules/notices.csv; `elements` by the names of rules/elements.csv, several choices with “; ”.

    `event_on` is the day that the notice is about: of the meeting, or on which the action takes effect.
    `evaluation_id` and `enrollment_id` are no foreign keys: what parents were told stays whatever becomes of
    these. `lines` are label and text as issued, `sha256` their hash.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="notices")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    evaluation_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    enrollment_id = models.BigIntegerField(null=True, blank=True)
    elements = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=3, default="eng")
    event_on = models.DateField(null=True, blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replaced_by"
    )
    issued_on = models.DateField(null=True, blank=True)
    issued_by_id = models.BigIntegerField(null=True)
    lines = models.JSONField(default=list, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    written_by_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    modified_at = models.DateTimeField(auto_now=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on=None, issued_by_id=None, sha256="")
                | (Q(issued_on__isnull=False, issued_by_id__isnull=False) & ~Q(sha256="")),
                name="notice_issued_by_somebody_with_its_hash",
            )
        ]
        triggers = [
            ONLY_BY_A_MERGE,
            pgtrigger.Protect(
                name="issued_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.issued_on IS NOT NULL AND {all_but_the_child('modified_at')}"
                ),
            ),
            pgtrigger.Protect(
                name="issued_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.issued_on IS NOT NULL"),
            ),
        ]

    class Privacy:
        safe = (
            "id student district kind evaluation_id enrollment_id language event_on replaces issued_on"
            " issued_by_id sha256 written_by_id version created_at modified_at"
        )
        secret = "elements lines"

    def __str__(self) -> str:
        return f"notice {self.pk}"

    @property
    def name(self) -> str:
        row = notice_row(self.kind)
        return row.name if row else self.kind

    @property
    def status(self) -> Status:
        """With its deliveries at hand, without a query."""
        if self.issued_on is None:
            return Status.DRAFT
        return Status.DELIVERED if self.deliveries.all() else Status.ISSUED

    @property
    def first_delivery(self) -> "Delivery | None":
        return min(self.deliveries.all(), key=lambda one: (one.on, one.pk), default=None)

    @property
    def is_whole(self) -> bool:
        return hash_of(self.pk, self.lines) == self.sha256


class Delivery(models.Model):
    """One way on which a notice went to the parents. Append-only: after a wrong one comes another.

    `district` recorded it: a later one may deliver what an earlier one has issued.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)
    on = models.DateField()
    to = models.CharField(max_length=200)
    proof = models.CharField(max_length=500, blank=True)
    document_id = models.BigIntegerField(null=True)
    by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["on", "pk"]
        verbose_name_plural = "deliveries"
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    class Privacy:
        safe = "id notice district channel on document_id by_id recorded_at"
        secret = "to proof"

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    @property
    def channel_name(self) -> str:
        return channel_name(self.channel)
