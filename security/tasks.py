"""Alarm clocks of this app."""

from celery import shared_task

from security.actions import assurance, requests
from security.actions.assign import follow_the_calendar
from security.actions.depart import carry_out_due
from security.actions.orphans import report_orphans
from security.actions.review import look_at_overdue, open_due_reviews
from security.session_store import SessionStore


@shared_task
def follow_roles() -> int:
    """Roles whose first day has come give their grants; those whose last day has passed give none."""
    return follow_the_calendar()


@shared_task
def remind_of_assurance() -> int:
    """Assurances due in 30, 7 or 0 days (SEC-08)."""
    return assurance.remind()


@shared_task
def escalate_requests() -> int:
    """Access requests open for more than 10 business days (SEC-17)."""
    return requests.escalate_requests()


@shared_task
def report_sites_without_overseer() -> int:
    """Each night; tells of the same sites once."""
    return report_orphans()


@shared_task
def carry_out_departures() -> int:
    """Each minute: the sessions of people whose employment has just ended, and roles given meanwhile, end."""
    return carry_out_due()


@shared_task
def review_access() -> int:
    """Each night: reviews that are due open, those open for too long are told to the state."""
    look_at_overdue()
    return open_due_reviews()


@shared_task
def forget_old_sessions() -> None:
    """Rows of sessions that nobody can use any more."""
    SessionStore.clear_expired()
