"""Ending sessions: at once, since the next request finds no row."""

from django.db import transaction

from journal.actions import record
from security.models import Session, User


@transaction.atomic
def end_sessions(user: User, *, by: User | None, reason: str, keep: str | None = None) -> int:
    """End every session of this person but `keep` (a session key), now. Returns how many. Asks for no access.

    Authority: eSER go-live 2022 (SEC-40).
    """
    ended, _ = Session.objects.of(user).exclude(pk=keep).delete()
    if ended:
        record(
            "SESSIONS_ENDED", f"{ended} sessions of user {user.pk} ended", by=by, user=user.pk, reason=reason
        )
    return ended


@transaction.atomic
def end_session(session: Session, *, by: User) -> None:
    Session.objects.filter(pk=session.pk).delete()
    record("SESSIONS_ENDED", f"A session of user {session.user_id} ended", by=by, user=session.user_id)
