"""Alarm clocks of this app."""

from celery import shared_task

from security.actions.assign import follow_the_calendar
from security.session_store import SessionStore


@shared_task
def follow_roles() -> int:
    """Roles whose first day has come give their grants; those whose last day has passed give none."""
    return follow_the_calendar()


@shared_task
def forget_old_sessions() -> None:
    """Rows of sessions that nobody can use any more."""
    SessionStore.clear_expired()
