"""What the enrollment audit found: a check of rules/checks.csv that one student fails."""

from django.db import models
from django.db.models import Q

from enrollment.models.enrollment import Enrollment
from organizations.models import District
from students.models import Student


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user) -> "FindingQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def open(self) -> "FindingQuerySet":
        return self.filter(cleared_at=None)


class Finding(models.Model):
    """`district` has to act; `other` is another district that claims the same child. `subject` tells findings
    of one check apart: the enrollments concerned, by id. Cleared by the audit itself, never by hand."""

    check_number = models.PositiveSmallIntegerField()
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="findings")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", null=True)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.SET_NULL, related_name="+", null=True)
    subject = models.CharField(max_length=60, blank=True)
    severity = models.CharField(max_length=8)
    words = models.CharField(max_length=300)
    found_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    explained = models.CharField(max_length=500, blank=True)
    explained_by_id = models.BigIntegerField(null=True)
    explained_at = models.DateTimeField(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["severity", "-found_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_number", "student", "district", "subject"],
                condition=Q(cleared_at=None),
                name="one_open_finding_of_a_check",
            ),
        ]
        indexes = [
            models.Index(fields=["district", "severity"], name="open_findings", condition=Q(cleared_at=None)),
        ]

    class Privacy:
        safe = (
            "id check_number student district other enrollment subject severity found_at cleared_at"
            " explained_by_id explained_at"
        )
        secret = "words explained"

    def __str__(self) -> str:
        return f"check {self.check_number}: {self.pk}"
