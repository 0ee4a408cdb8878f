"""Alarm clocks of this app."""

from celery import shared_task
from django.db import connection

from jobs import actions as jobs
from jobs.models import Job
from organizations.models import State
from security import scope
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from students.actions.cut_over import ADDRESS, cut_over


@shared_task
def refresh_access() -> int:
    """A responsibility whose last day has passed gives no current access any more. May run twice."""
    with scope.system(), connection.cursor() as cursor:
        cursor.execute("SELECT students_access_today()")
        return cursor.fetchone()[0]


@shared_task
def run_cut_over(job_id: int) -> None:
    """May run twice: roles that ended are left as they are."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    jobs.begin(job)
    by, state = User.objects.get(pk=job.owner_id), State.objects.get(pk=job.params["state"])
    try:
        done = cut_over(by=by, state=state, told=lambda n, total: jobs.advance(job, done=n, total=total))
    except (NotAllowed, RuleBroken) as refusal:
        jobs.fail(job, str(refusal))
    except Exception:
        jobs.fail(job, "The cut-over stopped. What was done is kept; run it again to go on.")
        raise
    else:
        jobs.finish(job, done.sentence, link=ADDRESS)
