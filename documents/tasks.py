"""Alarm clocks of stored files."""

from celery import shared_task

from documents import actions


@shared_task
def remove_expired() -> None:
    actions.remove_expired()
