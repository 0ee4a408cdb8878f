"""Two records of one child become one; what was known under either number is kept."""

from collections.abc import Collection

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from security import asked_often
from students.models.student import Student


def every_record_of(student: Student) -> RawSQL:
    """For `student_id__in=`: also what was noted under a number that was merged into this child."""
    return RawSQL("SELECT unnest(students_records_of(%s))", [student.pk])  # noqa: S611  our own words


def goes_on_as(pk: int) -> int | None:
    """The key of the child that this record became by merges; its own when it goes on; None for no record."""
    if pk > models.BigIntegerField.MAX_BIGINT:
        return None
    return asked_often.rows("SELECT students_goes_on_as(%(pk)s)", {"pk": pk})[0][0]


def known_as(ids: Collection[int]) -> dict[int, Student]:
    """By the key asked for, as far as the reader sees them; a merged record is the child it goes on as."""
    found = Student.objects.in_bulk(list(ids))
    if not (unseen := [pk for pk in ids if pk not in found]):
        return found
    onward = "SELECT id, students_goes_on_as(id) FROM unnest(%(unseen)s::bigint[]) id"
    merged = dict(asked_often.rows(onward, {"unseen": asked_often.array(unseen)}))
    kept = Student.objects.in_bulk(list(merged.values()))
    return found | {pk: kept[child] for pk, child in merged.items() if child in kept}


class StudentMergeQuerySet(models.QuerySet["StudentMerge"]):
    def in_force(self) -> "StudentMergeQuerySet":
        return self.filter(undone_at=None)


class StudentIdentifier(models.Model):
    """A number under which the child was known before, still found by the search."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="identifiers")
    value = models.CharField(max_length=32, db_index=True)
    what = models.CharField(max_length=20)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "what", "value"], name="one_identifier_once"),
        ]

    class Privacy:
        safe = "id student what since"
        secret = "value"

    def __str__(self) -> str:
        return f"{self.what} of student {self.student_id}"


class StudentMerge(models.Model):
    """`moved`: for each kind of record the ids that went to the kept child; responsibilities as they were.

    Its row stands before anything moves: records change their child only between the two of a merge.
    """

    kept = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    moved = models.JSONField(default=dict)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.BigIntegerField(null=True)

    objects = StudentMergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_of_two_children"),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="merged_into_one_child_only"
            ),
        ]

    class Privacy:
        safe = "id kept merged moved by_id at undone_at undone_by_id"
        secret = "reason"

    def __str__(self) -> str:
        return f"merge {self.pk}"

    def later(self) -> StudentMergeQuerySet:
        """Into the same child, after this one."""
        return StudentMerge.objects.in_force().filter(kept=self.kept_id, pk__gt=self.pk)
