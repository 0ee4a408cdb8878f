"""A child whose records or calendar changed since its deadlines were counted; written by triggers."""

from django.db import models


class DirtyStudent(models.Model):
    """Every change draws a new `mark`, so that one that arrives while its child is being counted stays."""

    student_id = models.BigIntegerField(unique=True)
    mark = models.BigIntegerField(db_index=True)
    marked_at = models.DateTimeField()

    class Privacy:
        safe = "id student_id mark marked_at"
        secret = ""

    def __str__(self) -> str:
        return f"student {self.student_id} to count"
