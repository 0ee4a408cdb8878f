"""The day on which a child's records at the state change by themselves."""

from django.db import models

from edfi.models.connection import Connection


class AwaitedDay(models.Model):
    """Kept anew whenever the child is compared; on its day the child is marked, and the row goes."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+", db_index=False)
    student_id = models.BigIntegerField()
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "student_id"], name="one_awaited_day_per_student"),
        ]
        indexes = [models.Index(fields=["connection", "day"], name="awaited_days_in_order")]

    class Privacy:
        safe = "id connection student_id day"
        secret = ""

    def __str__(self) -> str:
        return f"student {self.student_id} on {self.day}"
