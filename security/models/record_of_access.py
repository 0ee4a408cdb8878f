"""The record of access (34 CFR 300.614): who looked at which child's record, when, for what purpose."""

from collections.abc import Iterable

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from security import asked_often

NOTE = """
    INSERT INTO security_accessrecord (at, user_id, student_id, what, purpose, how)
    SELECT %(at)s, %(user)s, child, %(what)s, %(purpose)s, %(how)s FROM unnest(%(children)s::bigint[]) child
"""


class How(models.TextChoices):
    """Opening one child's record, seeing it among others, or taking it away as a file."""

    OPENED = "OPENED", "opened"
    LISTED = "LISTED", "seen in a list"
    TAKEN = "TAKEN", "taken away as a file"


class AccessRecordQuerySet(models.QuerySet["AccessRecord"]):
    def note(self, user_id: int, student_ids: Iterable[int], what: str, purpose: str, how: How) -> None:
        """A line for each child, by one insert however many they are."""
        asked_often.write(
            NOTE,
            {
                "at": timezone.now(), "user": user_id, "what": what[:60], "how": how.value,
                "purpose": purpose[:120] or "not stated", "children": asked_often.array(student_ids),
            },
        )  # fmt: skip


class AccessRecord(models.Model):
    """Append-only. `what` names the kind of page or file, never its content."""

    at = models.DateTimeField(default=timezone.now)
    # A trigger keeps people from being deleted: to look the same one up for each of 50 lines proves nothing.
    user = models.ForeignKey(
        "security.User", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    student_id = models.BigIntegerField()
    what = models.CharField(max_length=60)
    purpose = models.CharField(max_length=120)
    how = models.CharField(max_length=6, choices=How.choices, default=How.OPENED)

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["student_id", "-at"], name="access_by_student"),
            models.Index(fields=["user", "-at"], name="opened_by_user", condition=Q(how="OPENED")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    class Privacy:
        safe = "id at user student_id what how"
        secret = "purpose"

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
