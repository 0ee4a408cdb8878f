"""Duties: what a district owes a child because of an entry or an exit, until it is done."""

from django.db import models
from django.db.models import Q

from enrollment.models.enrollment import Enrollment
from organizations.models import District
from students.models import Student


class DutyKind(models.TextChoices):
    SPECIAL_EDUCATION = "SPECIAL_EDUCATION", "provide the IEP, or decide eligibility"
    WHEREABOUTS = "WHEREABOUTS", "find out where the student is"
    ENTER_AGAIN = "ENTER_AGAIN", "enter the student again at the nonpublic school"
    PART_C_HISTORY = "PART_C_HISTORY", "find out whether the student was served under Part C"


class DutyQuerySet(models.QuerySet["Duty"]):
    def visible_to(self, user) -> "DutyQuerySet":
        return self.filter(student__in=Student.objects.visible_to(user))

    def open(self) -> "DutyQuerySet":
        return self.filter(done_on=None)


class Duty(models.Model):
    """`since`: the day from which it is owed. One of a kind is open for an enrollment."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="duties")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="duties")
    kind = models.CharField(max_length=20, choices=DutyKind.choices)
    since = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    done_how = models.CharField(max_length=300, blank=True)
    done_by_id = models.BigIntegerField(null=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "kind"], condition=Q(done_on=None), name="one_open_duty_of_a_kind"
            ),
        ]

    class Privacy:
        safe = "id student district enrollment kind since done_on done_by_id"
        secret = "done_how"

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
