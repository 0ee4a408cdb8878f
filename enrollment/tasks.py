"""Alarm clocks of enrollment."""

from celery import shared_task

from enrollment.actions import papers, stages


@shared_task
def follow_exits_and_registrations() -> dict[str, int]:
    """Every night: what is owed to registered children, and exits whose documentation is missing."""
    return {"registered": stages.follow_registrations(), "defaulted": papers.default_overdue()}
