"""Sessions in the database, with an end after idling and an end for good.

Django's own store, told three more things: when the session began, so that it ends ESER_SESSION_LONGEST
after it at the latest; whose it is, so that it can be listed and ended; and to write only when a minute has
passed, since what a request changes is mostly the time alone.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from security import asked_often

MOVES_BY = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """`until` is what the row says; `device` and `address` are set by the middleware."""

    started: datetime | None = None
    until: datetime | None = None
    device: str = ""
    address: str | None = None

    @classmethod
    def get_model_class(cls):
        from security.models import Session

        return Session

    @property
    def ends(self) -> datetime:
        """No staying signed in goes beyond this."""
        return (self.started or timezone.now()) + timedelta(seconds=settings.ESER_SESSION_LONGEST)

    @property
    def moves_to(self) -> datetime:
        """The end of the session if it is used now."""
        return min(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE), self.ends)

    @property
    def is_due(self) -> bool:
        """Is the end to be moved by enough to be worth writing?"""
        return self.until is None or abs(self.moves_to - self.until) >= MOVES_BY

    def get_expiry_date(self, **kwargs) -> datetime:
        return self.moves_to

    def cycle_key(self) -> None:
        """A new key for the same person (a new password) starts no new time; a sign-in does."""
        started = self.started if SESSION_KEY in self else None
        super().cycle_key()
        self.started = started

    def create(self) -> None:
        self.started = None
        super().create()

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.started_at = self.started = self.started or row.started_at
        row.device, row.address = self.device, self.address
        return row

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
        else:
            self._update()
        self.until = self.moves_to

    def _update(self) -> None:
        """One statement where Django's needs three. A row that is gone was ended: it stays gone."""
        row = self.create_model_instance(self._get_session())
        names = ("session_data", "expire_date", "user_id", "started_at", "seen_at", "device", "address")
        if not self.model.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in names}):
            raise UpdateError

    def _get_session_from_db(self):
        """None, and no key any more, when there is no such session or its time is over."""
        row = _session(self.session_key)
        if row is not None:
            self.started, self.until = row.started_at, row.expire_date
        if row is None or self.ends <= timezone.now():
            self._session_key = None
            return None
        return row


def _session(key: str | None):
    """Asked by every request, so written out."""
    parts = (("s", SessionStore.get_model_class()),)
    statement = f"""SELECT {asked_often.columns(parts)} FROM security_session s
        WHERE s.session_key = %(key)s AND s.expire_date > %(now)s"""  # noqa: S608  names of our own columns
    found = asked_often.rows(statement, {"key": key, "now": timezone.now()})
    return next(asked_often.objects(parts, found[0])) if found else None
