"""Alarm clocks: take an id, call a verb, may run twice."""

from celery import shared_task

from migration.actions import help_load, roll_over
from migration.models import LoadRun

TASK = "migration.tasks.run_rollover"


@shared_task(name=TASK)
def run_rollover(job_id: int) -> None:
    roll_over(LoadRun.objects.get(job_id=job_id).pk)


@shared_task(name="migration.tasks.help_load")
def help_loading(run_id: int) -> None:
    help_load(LoadRun.objects.select_related("of_state").get(pk=run_id))
