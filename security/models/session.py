"""A session: who is signed in, since when, from what device and where. Ended by taking its row away."""

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone

from security.models.user import User


class SessionQuerySet(models.QuerySet["Session"]):
    def open(self) -> "SessionQuerySet":
        return self.filter(expire_date__gt=timezone.now()).order_by("-seen_at")

    def of(self, user: User) -> "SessionQuerySet":
        return self.filter(user=user)


class Session(AbstractBaseSession):
    """`user` is empty until the sign-in is complete. Times are exact to a minute (security.session_store)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    device = models.CharField(max_length=60, blank=True)
    address = models.GenericIPAddressField(null=True)

    objects = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Privacy:
        safe = "expire_date user started_at seen_at device"
        secret = "session_key session_data address"

    @classmethod
    def get_session_store_class(cls):
        from security.session_store import SessionStore

        return SessionStore
