"""One number of one district on one day: how many children, deadlines or findings, never whose."""

from django.db import models

from organizations.models import District, State


class DayCount(models.Model):
    """`measure` and `key` as organizations/measures.py has them. Without a district: of the whole state."""

    of_state = models.ForeignKey(State, on_delete=models.CASCADE, related_name="+")
    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="+", null=True, db_index=False
    )
    day = models.DateField()
    measure = models.CharField(max_length=20)
    key = models.CharField(max_length=20, blank=True)
    n = models.PositiveIntegerField()

    class Meta:
        ordering = ["-day", "measure"]
        constraints = [
            models.UniqueConstraint(
                fields=["of_state", "district", "day", "measure", "key"],
                name="counted_once_a_day",
                nulls_distinct=False,
            )
        ]

    class Privacy:
        safe = "id of_state district day measure key n"
        secret = ""

    def __str__(self) -> str:
        return f"{self.measure} of {self.day}"
