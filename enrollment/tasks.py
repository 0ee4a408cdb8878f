"""Alarm clocks of enrollment: take the id of a job, call a verb, may run twice."""

from collections.abc import Callable

from celery import shared_task

from enrollment.actions import feed, feed_pickup, feed_undo, papers, special_education, stages, year_end
from enrollment.actions.audit import audit_all
from enrollment.models import FeedLoad
from jobs import actions as jobs
from jobs.models import Job
from security import scope

BROKEN = (
    "It could not be finished, and nothing was changed. Try it again; if it fails again, tell the help desk."
)

AUDIT_BROKEN = (
    "It stopped before the last child: what was found until then stands, the rest is as it was the night"
    " before. It runs again next night; if it stops again, tell the help desk."
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
    _about_a_feed(job_id, feed_undo.undo_feed)


@shared_task
def rehearse_year_end(job_id: int) -> None:
    """What the year-end of the job would do to each child."""
    _about_a_feed(job_id, year_end.rehearse)


@shared_task
def carry_out_year_end(job_id: int) -> None:
    """Carries out the year-end of the job."""
    _about_a_feed(job_id, year_end.carry_out)


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
        if load.picked_up:
            feed_pickup.tell_people(load, "could not be finished, and nothing was changed.")
        raise
    jobs.finish(job, f"The {load.what} is {load.stands}.", link=load.get_absolute_url())
    feed_pickup.follow(load)


@shared_task
def pick_up_feeds() -> int:
    """Every night: the files that the districts' own systems have left in their folders."""
    return feed_pickup.pick_up_all()


@shared_task
def follow_exits_and_registrations() -> dict[str, int]:
    """Every night: what is owed to registered children, exits whose documentation is missing, and the days on
    which special education ends."""
    return {
        "registered": stages.follow_registrations(),
        "defaulted": papers.default_overdue(),
        "off_roster": special_education.leave_rosters(),
    }


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
    try:
        opened, cleared = audit_all(lambda done, of: jobs.advance(job, done=done, total=of))
    except Exception:
        jobs.fail(job, AUDIT_BROKEN)
        raise
    jobs.finish(job, f"{opened:,} findings opened, {cleared:,} cleared.", link="/enrollments/findings/")
