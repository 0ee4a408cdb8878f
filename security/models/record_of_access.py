"""The record of access (34 CFR 300.614): who looked at which child's record, when, for what purpose."""

from collections.abc import Iterable

import pgtrigger
from django.db import connection, models
from django.utils import timezone


class How(models.TextChoices):
    """Opening one child's record, seeing it among others, or taking it away as a file."""

    OPENED = "OPENED", "opened"
    LISTED = "LISTED", "seen in a list"
    TAKEN = "TAKEN", "taken away as a file"


class AccessRecordQuerySet(models.QuerySet["AccessRecord"]):
    def note(self, user_id: int, student_ids: Iterable[int], what: str, purpose: str, how: How) -> None:
        """A line for each child, by one insert however many they are."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO security_accessrecord (at, user_id, student_id, what, purpose, how)"
                " SELECT %s, %s, child, %s, %s, %s FROM unnest(%s::bigint[]) child",
                [timezone.now(), user_id, what[:60], purpose[:120] or "not stated", how, list(student_ids)],
            )


class AccessRecord(models.Model):
    """Append-only. `what` names the kind of page or file, never its content."""

    at = models.DateTimeField(default=timezone.now)
    # A trigger keeps people from being deleted: to look the same one up for each of 50 lines proves nothing.
    user = models.ForeignKey("security.User", on_delete=models.PROTECT, related_name="+", db_constraint=False)
    student_id = models.BigIntegerField()
    what = models.CharField(max_length=60)
    purpose = models.CharField(max_length=120)
    how = models.CharField(max_length=6, choices=How.choices, default=How.OPENED)

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["student_id", "-at"], name="access_by_student")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    class Privacy:
        safe = "id at user student_id what how"
        secret = "purpose"

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
