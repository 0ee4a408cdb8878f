"""Ending the sessions of a person at once: the next click finds none."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from journal.actions import record
from security.models import User


@transaction.atomic
def end_sessions(user: User, *, by: User | None, reason: str) -> int:
    """Delete every session of this person; returns how many. Asks for no access (SEC-40)."""
    open_ones = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [row.pk for row in open_ones if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()
    if theirs:
        words = f"{len(theirs)} sessions of user {user.pk} ended"
        record("SESSIONS_ENDED", words, by=by, user=user.pk, reason=reason)
    return len(theirs)
