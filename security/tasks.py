"""Alarm clocks of this app."""

from celery import shared_task

from security.actions.assign import follow_the_calendar
from security.actions.orphans import report_orphans


@shared_task
def follow_roles() -> int:
    """Roles whose first day has come give their grants; those whose last day has passed give none."""
    return follow_the_calendar()


@shared_task
def report_sites_without_overseer() -> int:
    """Each night; tells of the same sites once."""
    return report_orphans()
