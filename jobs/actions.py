"""Starting, advancing and ending jobs. Each call is its own small write, so that watchers see it at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from jobs.models import Job, JobState

OFTEN_ENOUGH = 0.5  # seconds between two reports of how many are done

log = structlog.get_logger(__name__)


class Stopped(Exception):
    """Its owner stopped the job while it ran."""


def open_job(
    kind: str, title: str, *, owner_id: int | None, phases: list[str] | None = None, **params
) -> Job:
    """A job that waits for a worker. Enqueue its task with `transaction.on_commit`."""
    return Job.objects.create(kind=kind, title=title, owner_id=owner_id, phases=phases or [], params=params)


def enqueue(job: Job, task: str) -> None:
    """Hand the job's id to a worker once this transaction is committed; `task` by its full name.

    While the queue is away the job waits: `send_forgotten` hands it over when the queue is back.
    """
    job.task, job.state, job.sent_at = task, JobState.WAITING, None
    job.save(update_fields=["task", "state", "sent_at"])
    transaction.on_commit(lambda: _send(job))


def send_forgotten() -> int:
    """Hand over again what no worker will come for by itself; tasks may run twice. Returns how many."""
    forgotten = list(Job.objects.forgotten(timezone.now()))
    Job.objects.filter(pk__in=[job.pk for job in forgotten]).update(state=JobState.WAITING, sent_at=None)
    for job in forgotten:
        _send(job)
    return len(forgotten)


def _send(job: Job) -> None:
    try:
        current_app.send_task(job.task, [job.pk], queue=settings.CELERY_TASK_DEFAULT_QUEUE, retry=False)
    except OperationalError:
        log.warning("queue_away", job=job.pk, kind=job.kind)
    else:
        Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())


@contextmanager
def telling(job: Job) -> Iterator[Callable[..., None]]:
    """`advance` for work inside one long transaction, which nobody else sees before its end.

    Told from a thread of its own, which has a connection of its own; of mere numbers only the newest of each
    moment. Raises Stopped to whoever tells.
    """

    told_at = float("-inf")

    def tell(**how_far: Any) -> None:
        advance(job, **how_far)
        check_not_stopped(job)

    with ThreadPoolExecutor(max_workers=1) as thread:

        def tell_now_and_then(**how_far: Any) -> None:
            nonlocal told_at
            if how_far.keys() == {"done"} and monotonic() - told_at < OFTEN_ENOUGH:
                return
            told_at = monotonic()
            thread.submit(tell, **how_far).result()

        try:
            yield tell_now_and_then
        finally:
            thread.submit(lambda: connection.close()).result()


def begin(job: Job) -> Job:
    job.state, job.started_at, job.heard_at = (
        JobState.RUNNING,
        job.started_at or timezone.now(),
        timezone.now(),
    )
    job.save(update_fields=["state", "started_at", "heard_at"])
    return job


def advance(job: Job, *, done: int | None = None, total: int | None = None, phase: str | None = None) -> None:
    """Tell watchers how far it is; `done` and `total` count the same unit (rows, records)."""
    job.done = job.done if done is None else done
    job.total = job.total if total is None else total
    job.phase = job.phase if phase is None else phase
    job.heard_at = timezone.now()
    job.save(update_fields=["done", "total", "phase", "heard_at"])


def finish(job: Job, sentence: str, *, link: str = "", result_id: int | None = None) -> None:
    _end(job, JobState.DONE, sentence, link=link, result_id=result_id)


def fail(job: Job, sentence: str) -> None:
    """`sentence` says what is wrong and what to do, without personal data."""
    _end(job, JobState.FAILED, sentence)


def stop(job: Job, sentence: str) -> None:
    """A person stopped it; `sentence` says what is done and what is not."""
    _end(job, JobState.STOPPED, sentence)


def check_not_stopped(job: Job) -> None:
    """Raises Stopped."""
    if Job.objects.filter(pk=job.pk, state=JobState.STOPPED).exists():
        raise Stopped


def _end(job: Job, state: JobState, sentence: str, *, link: str = "", result_id: int | None = None) -> None:
    job.state, job.sentence, job.ended_at = state, sentence[:500], timezone.now()
    job.link, job.result_id = link or job.link, result_id or job.result_id
    if state == JobState.DONE and job.total:
        job.done = job.total
    job.save(update_fields=["state", "sentence", "ended_at", "link", "result_id", "done"])
