"""Alarm clocks of this app."""

from celery import shared_task

from security.actions import assurance, requests
from security.actions.assign import follow_the_calendar


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
