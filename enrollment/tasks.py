"""Alarm clocks of enrollment: take the id of a job, call a verb, may run twice."""

from collections.abc import Callable

from celery import shared_task
from django.urls import reverse

from enrollment.actions import feed, feed_changes, papers, stages
from enrollment.models import FeedLoad
from jobs import actions as jobs
from jobs.models import Job
from security import scope

BROKEN = (
    "It could not be finished, and nothing was changed. Try it again; if it fails again, tell the help desk."
)


@shared_task
def check_feed(job_id: int) -> None:
    """Looks through the feed of the job."""
    _about_a_feed(job_id, feed.check_feed)


@shared_task
def load_feed(job_id: int) -> None:
    """Loads the feed of the job."""
    _about_a_feed(job_id, feed.load_feed)


@shared_task
def undo_feed(job_id: int) -> None:
    """Takes back the feed of the job."""
    _about_a_feed(job_id, feed_changes.undo_feed)


def _about_a_feed(job_id: int, verb: Callable[..., FeedLoad]) -> None:
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    with scope.system():
        load = FeedLoad.objects.select_related("district__state", "school_year").get(pk=job.params["feed"])
    jobs.begin(job)
    try:
        with jobs.telling(job) as tell:
            load = verb(load, tell)
    except Exception:
        jobs.fail(job, BROKEN)
        raise
    jobs.finish(
        job, f"The feed is {load.get_state_display()}.", link=reverse("enrollment:feed", args=[load.pk])
    )


@shared_task
def follow_exits_and_registrations() -> dict[str, int]:
    """Every night: what is owed to registered children, and exits whose documentation is missing."""
    return {"registered": stages.follow_registrations(), "defaulted": papers.default_overdue()}
