"""What a state decides for significant disproportionality (34 CFR 300.647(b)(1))."""

from django.db import models
from django.db.models import Q

from organizations.models import State
from reports.rules.disproportionality import CELL_SIZE, N_SIZE, YEARS


class DisproportionalitySettings(models.Model):
    """`threshold`: the ratio above which a district is significantly disproportionate; None: not decided.

    `years`: in how many years in a row, at most three.
    """

    state = models.OneToOneField(State, on_delete=models.PROTECT, related_name="+")
    threshold = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    cell_size = models.PositiveSmallIntegerField(default=CELL_SIZE)
    n_size = models.PositiveSmallIntegerField(default=N_SIZE)
    years = models.PositiveSmallIntegerField(default=YEARS)

    class Meta:
        verbose_name_plural = "disproportionality settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(years__range=(1, 3), cell_size__gte=1, n_size__gte=1), name="sizes_and_years"
            ),
            models.CheckConstraint(
                condition=Q(threshold=None) | Q(threshold__gt=1), name="a_threshold_above_even"
            ),
        ]

    class Privacy:
        safe = "id state threshold cell_size n_size years"
        secret = ""

    def __str__(self) -> str:
        return f"disproportionality of {self.state}"
