"""A child whose records changed since the state was last brought up to date; written by triggers."""

from django.db import models

from edfi.models.connection import Connection


class DirtyStudent(models.Model):
    """Every change draws a new `mark`, so that one that arrives while its child is being sent stays."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="dirty", db_index=False)
    student_id = models.BigIntegerField()
    mark = models.BigIntegerField()
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "student_id"], name="one_mark_per_student"),
        ]
        indexes = [models.Index(fields=["connection", "mark"], name="marks_in_order")]

    class Privacy:
        safe = "id connection student_id mark marked_at"
        secret = ""

    def __str__(self) -> str:
        return f"student {self.student_id} to send"
