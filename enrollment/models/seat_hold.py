"""A seat kept at the sending school while its student attends a nonpublic one (OSSE 2016, slides 31-33)."""

from django.db import models
from django.db.models import Q

from enrollment.models.enrollment import Enrollment
from organizations.models import District, Site
from students.models import Student


class Released(models.TextChoices):
    """R6.05: entering another district alone releases it; R6.06 adds a recorded decision not to return."""

    HELD = "", "held"
    ENTERED_ELSEWHERE = "ENTERED_ELSEWHERE", "entered another district"
    NOT_RETURNING = "NOT_RETURNING", "decided not to return"
    RETURNED = "RETURNED", "returned to the seat"


class SeatHold(models.Model):
    """`site` is the sending school; `enrollment` the one whose exit led to the nonpublic school."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="seats_held")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    enrollment = models.OneToOneField(Enrollment, on_delete=models.CASCADE, related_name="seat_held")
    since = models.DateField()
    released_on = models.DateField(null=True, blank=True)
    released = models.CharField(max_length=17, choices=Released.choices, default=Released.HELD, blank=True)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released="", released_on=None) | (~Q(released="") & Q(released_on__isnull=False)),
                name="seat_released_with_its_day",
            ),
        ]

    class Privacy:
        safe = "id student district site enrollment since released_on released"
        secret = ""

    def __str__(self) -> str:
        return f"seat {self.pk}"
