"""Starting, advancing and ending jobs. Each call is its own small write, so that watchers see it at once."""

from django.utils import timezone

from jobs.models import Job, JobState


def open_job(kind: str, title: str, *, owner_id: int | None, phases: list[str] | None = None, **params) -> Job:
    """A job that waits for a worker. Enqueue its task with `transaction.on_commit`."""
    return Job.objects.create(kind=kind, title=title, owner_id=owner_id, phases=phases or [], params=params)


def begin(job: Job) -> Job:
    job.state, job.started_at, job.heard_at = JobState.RUNNING, job.started_at or timezone.now(), timezone.now()
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


def _end(job: Job, state: JobState, sentence: str, *, link: str = "", result_id: int | None = None) -> None:
    job.state, job.sentence, job.ended_at = state, sentence[:500], timezone.now()
    job.link, job.result_id = link or job.link, result_id or job.result_id
    if state == JobState.DONE and job.total:
        job.done = job.total
    job.save(update_fields=["state", "sentence", "ended_at", "link", "result_id", "done"])
