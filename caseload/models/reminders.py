"""How a person wants to be reminded, and the address of the own calendar feed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from security.models import User
from security.models.token import digest_of


class ReminderChoice(models.Model):
    """Nothing is sent until the person chose it. `days_before` empty: no reminder of single days."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="reminder_choice")
    weekly = models.BooleanField(default=False)
    by_email = models.BooleanField(default=False)
    days_before = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(days_before=None) | Q(days_before__lte=60), name="reminded_within_two_months"
            )
        ]

    class Privacy:
        safe = "id user weekly by_email days_before"
        secret = ""

    def __str__(self) -> str:
        return f"reminders of user {self.user_id}"


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def in_force(self) -> "CalendarFeedQuerySet":
        return self.filter(ended_at=None, user__is_active=True)

    def named(self, plain: str) -> "CalendarFeedQuerySet":
        return self.filter(digest=digest_of(plain))


class CalendarFeed(models.Model):
    """The secret in the address of a feed; only its digest is kept. It shows days, and no child."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="one_feed_of_a_person")
        ]

    class Privacy:
        safe = "id user created_at last_used_at ended_at"
        secret = "digest"

    def __str__(self) -> str:
        return f"calendar feed {self.pk}"
