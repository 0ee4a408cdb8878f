"""Alarm clocks of IEPs."""

from celery import shared_task

from ieps import actions
from jobs import actions as jobs
from jobs.models import Job
from security import scope
from security.models import User
from security.refusals import NotAllowed


@shared_task
def write_prints(job_id: int) -> None:
    """Prints the IEPs of one job; does nothing for a job that is over."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    by = User.objects.get(pk=job.owner_id)
    jobs.begin(job)
    try:
        actions.write_prints(job, by)
    except NotAllowed as refusal:
        jobs.fail(job, str(refusal))
    except Exception:
        jobs.fail(job, "The IEPs could not be printed. Ask again; if it fails again, tell the help desk.")
        raise


@shared_task(name="ieps.tasks.settle")
def settle_ieps() -> int:
    """Every night: what another IEP replaces from today on gets the status that says so. May run twice."""
    with scope.system():
        return actions.settle()
