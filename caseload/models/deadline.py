"""A deadline of one child, as it was counted: derived from the records, stored so that lists are quick."""

from datetime import date

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from caseload.rules.sources import name_of
from evaluations.rules.standing import Standing
from organizations.models import District, Site
from security.models import User
from security.scope import Scope
from students.models import Student, StudentAccess

RECOUNTED = ["starts_on", "due_on", "counted_to", "why_not", "rule", "rule_hash"]


class RecordKind(models.TextChoices):
    """The kind of record that a deadline is about."""

    EVALUATION = "evaluation", "Evaluation"
    IEP = "iep", "IEP"
    ENROLLMENT = "enrollment", "Enrollment"
    STUDENT = "student", "Student"
    NOTICE = "notice", "Notice"
    REQUEST = "request", "Request for records"


ADDRESSES = {
    RecordKind.EVALUATION: "evaluations:evaluation",
    RecordKind.IEP: "ieps:iep",
    RecordKind.ENROLLMENT: "enrollment:enrollment",
    RecordKind.STUDENT: "caseload:student",
    RecordKind.NOTICE: "notices:notice",
    RecordKind.REQUEST: "notices:request",
}


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def visible_to(self, user) -> "DeadlineQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def in_scope(self, scope: Scope) -> "DeadlineQuerySet":
        """Of the children for whom the places in scope answer today, and what is owed for one who left."""
        if scope.everything:
            return self
        answered = StudentAccess.objects.in_scope(scope).current().filter(student_id=OuterRef("student_id"))
        theirs = Q(district_id__in=scope.district_ids) | Q(site_id__in=scope.site_ids)
        return self.filter(Exists(answered) | (Q(record_kind=RecordKind.ENROLLMENT) & theirs))

    def open(self) -> "DeadlineQuerySet":
        """Neither met nor excused, also those whose day cannot be given."""
        return self.filter(standing=Standing.OPEN)

    def overdue(self, today: date) -> "DeadlineQuerySet":
        return self.open().filter(due_on__lt=today)

    def due_by(self, day: date) -> "DeadlineQuerySet":
        """Open and due on this day or before, overdue ones too."""
        return self.open().filter(due_on__lte=day)


@pghistory.track(
    pghistory.UpdateEvent("recounted", row=pghistory.Old, condition=pgtrigger.AnyChange(*RECOUNTED)),
    pghistory.DeleteEvent("no_longer"),
)
class Deadline(models.Model):
    """`number` and `part` of evaluations/rules/countings.csv; `site` is the child's school today.

    `standing` is that of the record, whatever the day: LATE means met late. Whether an open one is overdue
    depends on the day that one asks. `rule` and `rule_hash` are the row that applied; an earlier day stays in
    the history with its rule. The keys are copies of keys that the records hold: checking them again would
    take longer than counting. No day (`due_on`) where `why_not` says why.
    """

    student = models.ForeignKey(
        Student, on_delete=models.CASCADE, related_name="deadlines", db_index=False, db_constraint=False
    )
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    number = models.CharField(max_length=3)
    part = models.CharField(max_length=40, blank=True)
    record_kind = models.CharField(max_length=10, choices=RecordKind.choices)
    record_id = models.BigIntegerField()
    responsible = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,
        help_text="evaluation coordinator, or who wrote the IEP",
    )
    starts_on = models.DateField()
    due_on = models.DateField(null=True)
    why_not = models.CharField(max_length=250, blank=True)
    counted_to = models.DateField(null=True, help_text="before any extension")
    extended = models.BooleanField(default=False)
    met_on = models.DateField(null=True)
    excuse = models.CharField(max_length=120, blank=True)
    standing = models.CharField(max_length=7, choices=[(one.value, one.value.lower()) for one in Standing])
    rule = models.CharField(max_length=80)
    rule_hash = models.CharField(max_length=12)
    counted_at = models.DateTimeField()

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "student", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "number", "part", "record_kind", "record_id"],
                name="one_deadline_per_record",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=False, why_not="") | Q(due_on=None) & ~Q(why_not=""),
                name="a_due_day_or_why_there_is_none",
            ),
        ]
        indexes = [
            models.Index(fields=[place, "due_on"], name=f"deadlines_by_{place}", condition=Q(standing="OPEN"))
            for place in ("district", "site", "responsible")
        ]

    class Privacy:
        safe = (
            "id student district site number part record_kind record_id responsible starts_on due_on why_not"
            " counted_to extended met_on standing rule rule_hash counted_at"
        )
        secret = "excuse"

    def __str__(self) -> str:
        return f"{self.number} {self.due_on or 'without a day'}"

    @property
    def name(self) -> str:
        return name_of(self.number, self.part)

    @property
    def address(self) -> tuple[str, int]:
        """The name and the key of the page of the record that it is about."""
        return ADDRESSES[RecordKind(self.record_kind)], self.record_id

    def is_overdue(self, today: date) -> bool:
        return self.standing == Standing.OPEN and self.due_on is not None and self.due_on < today
