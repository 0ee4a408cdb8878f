"""Alarm clocks of exports."""

from celery import shared_task
from django.utils import timezone

from jobs import actions as jobs
from jobs.models import Job
from reports import access, actions
from reports.exports import second_person
from reports.federal import take_away
from reports.figures.day_counts import count_the_day
from reports.lists.every import every_list
from reports.saved import repeat
from security import scope
from security.models import User
from security.refusals import NotAllowed


@shared_task
def count_every_night() -> int:
    """The figures of the day; twice on a day they are replaced."""
    with scope.system():
        return count_the_day(timezone.localdate())


@shared_task
def write_export(job_id: int) -> None:
    """Writes the file of one export job; does nothing for a job that is over."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    by, found = User.objects.get(pk=job.owner_id), every_list()[job.params["slug"]]
    if sentence := access.why_not_take(by, found) or second_person.why_not_write(job, by, found):
        jobs.fail(job, sentence)
        return
    asked = job.params
    found = found.laid_out(asked["query"])
    order = actions.Order(found, found.state(asked["query"]), asked["format"], asked["reason"], asked["bom"])
    jobs.begin(job)
    try:
        actions.write_for_job(job, by, order)
    except jobs.Stopped:
        return
    except Exception:
        jobs.fail(
            job, "The file could not be written. Ask for it again; if it fails again, tell the help desk."
        )
        raise
    if "report" in job.params:
        repeat.tell_it_is_there(job)


@shared_task
def write_federal_file(job_id: int) -> None:
    """Writes a federal file of the whole state; does nothing for a job that is over."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    jobs.begin(job)
    try:
        take_away.write_for_job(job, User.objects.get(pk=job.owner_id))
    except jobs.Stopped:
        return
    except NotAllowed as refusal:
        jobs.fail(job, str(refusal))
    except Exception:
        jobs.fail(
            job, "The file could not be written. Ask for it again; if it fails again, tell the help desk."
        )
        raise


@shared_task
def make_repeated_reports() -> int:
    """Each morning: the reports whose day has come. Returns how many are being made."""
    return repeat.make_due()
