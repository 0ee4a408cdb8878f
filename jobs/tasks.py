"""Alarm clocks of jobs."""

from celery import shared_task

from jobs import actions


@shared_task
def send_forgotten() -> None:
    actions.send_forgotten()
