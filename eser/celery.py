"""The Celery application: workers and beat find every app's tasks here."""

import os
from typing import Any

import structlog
from celery import Celery, Task
from celery.signals import setup_logging, worker_process_init
from django.db import DatabaseError

from eser.heartbeat import Heartbeat
from eser.settled import leave_out_what_stays

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eser.settings")
log = structlog.get_logger(__name__)


class TaskInViewOnly(Task):
    """What view-only mode refuses ends a task without an error, and its job says the sentence.

    A task with `waits_for_go_live=True` is not begun at all: it would tell others what is not accepted yet.
    """

    waits_for_go_live = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from security.view_only import refusal_in, sentence_now

        if self.waits_for_go_live and (sentence := sentence_now()):
            return self._rest(sentence, args)
        try:
            return super().__call__(*args, **kwargs)
        except DatabaseError as refused:
            if not (sentence := refusal_in(refused)):
                raise
            return self._rest(sentence, args)

    def _rest(self, sentence: str, args: tuple[Any, ...]) -> None:
        """The job, if the task has one, may already have been told of an error in general words."""
        from jobs import actions as jobs
        from jobs.models import Job

        log.info("task_in_view_only", task=self.name)
        if job := Job.objects.filter(pk=args[0], task=self.name).first() if args else None:
            jobs.fail(job, f"{sentence} Start it again after the go-live.")


app = Celery("eser", task_cls=TaskInViewOnly)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(Heartbeat)


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Celery must not replace the log format that keeps personal data out."""


@worker_process_init.connect
def let_be_what_stays(**_: object) -> None:
    leave_out_what_stays()
