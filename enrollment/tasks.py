"""Alarm clocks of enrollment."""

from celery import shared_task

from enrollment.actions.audit import audit_all
from jobs import actions as jobs
from jobs.models import Job


@shared_task
def audit_every_night() -> int:
    """Opens the job of the night; the work is done by `audit_for_job`. Gives the id of the job."""
    job = jobs.open_job("ENROLLMENT_AUDIT", "Enrollment audit of all children", owner_id=None)
    jobs.enqueue(job, "enrollment.tasks.audit_for_job")
    return job.pk


@shared_task
def audit_for_job(job_id: int) -> None:
    """May run twice: what is open stays open."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    jobs.begin(job)
    opened, cleared = audit_all(lambda done, of: jobs.advance(job, done=done, total=of))
    jobs.finish(job, f"{opened:,} findings opened, {cleared:,} cleared.", link="/enrollments/findings/")
