"""Alarm clocks: take an id, call a verb, may run twice."""

from celery import shared_task

from migration.actions import roll_over


@shared_task
def run_rollover(run_id: int) -> None:
    roll_over(run_id)
