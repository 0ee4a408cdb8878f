"""A notice to one person inside the product: what waits or what changed, without any child's data."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from security.models.user import User

ABOUT_THE_ACCOUNT = "account: "


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def about_the_account(self) -> "NoticeQuerySet":
        """What others did to it; shown at the next sign-in."""
        return self.filter(key__startswith=ABOUT_THE_ACCOUNT)


class Notice(models.Model):
    """`key` says what it is about: a person is told of the same thing once, however often a job runs."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=300)
    address = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=120)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="told_once")]
        indexes = [models.Index(fields=["user"], name="unread_notices", condition=Q(read_at=None))]

    class Privacy:
        safe = "id user at address key read_at"
        secret = "words"

    def __str__(self) -> str:
        return f"{self.key} to user {self.user_id}"
