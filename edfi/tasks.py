"""Alarm clocks of the exchange: look for marks every few seconds, and send over each connection by itself."""

from celery import shared_task
from django.db.models import Exists, OuterRef, Q

from edfi.actions import pull as pulling
from edfi.actions.dirty import days_come, troubles_due
from edfi.actions.exchange import PULL_LOCKS, RESYNC_LOCKS, exchange, only_one
from edfi.actions.forget_reports import forget_reports as forget
from edfi.actions.resync import ask_by_night, carry_out
from edfi.actions.take_away import write_for_job
from edfi.files import LISTINGS
from edfi.models import Connection, DirtyStudent, OdsPull, PullState, Resync, ResyncState
from jobs import actions as jobs
from jobs.models import Job
from security import scope
from security.models import User
from security.refusals import NotAllowed, RuleBroken

NOT_WRITTEN = "The file could not be written. Ask for it again; if it fails again, tell the help desk."

READ_BROKEN = (
    "The reading could not be finished, and nothing was handed over. Read it again; if it fails again, tell"
    " the help desk."
)


@shared_task(name="edfi.tasks.send_dirty", waits_for_go_live=True)
def send_dirty() -> None:
    """Wake a sender for each connection that has something to do."""
    marked = DirtyStudent.objects.filter(connection=OuterRef("pk"))
    due = (rows.filter(connection=OuterRef("pk")) for rows in (troubles_due(), days_come()))
    to_do = Q(*(Exists(rows) for rows in (marked, *due)), _connector=Q.OR)
    with scope.system():
        ids = list(Connection.objects.filter(to_do, enabled=True).values_list("pk", flat=True))
    for connection_id in ids:
        send_to.delay(connection_id)


@shared_task(name="edfi.tasks.send_to", waits_for_go_live=True)
def send_to(connection_id: int) -> None:
    """May run twice: a second sender of the same connection steps back."""
    connection = Connection.objects.select_related("state").filter(pk=connection_id, enabled=True).first()
    if connection:
        exchange(connection)


@shared_task(name="edfi.tasks.resync", waits_for_go_live=True)
def resync(job_id: int) -> None:
    """The resync of the job, as far as it is. A second worker with the same one steps back."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    this = Resync.objects.select_related("connection__state").get(pk=job.params["resync"])
    with only_one(this.connection, RESYNC_LOCKS) as mine:
        if mine:
            _carry_out(job, this)


def _carry_out(job: Job, this: Resync) -> None:
    jobs.begin(job)
    try:
        this = carry_out(this, lambda **how_far: jobs.advance(job, **how_far))
    except Exception:
        jobs.fail(job, this.why)
        raise
    if this.state == ResyncState.STOPPED:
        jobs.stop(job, this.why)
    elif this.state == ResyncState.FAILED:
        jobs.fail(job, this.why)
    else:
        jobs.finish(job, f"The connection {this.connection} is {this.get_state_display()}.")
    Job.objects.filter(pk=job.pk).update(link=this.get_absolute_url())


@shared_task(name="edfi.tasks.write_file")
def write_file(job_id: int) -> None:
    """The file of a long list; does nothing for a job that is over."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    by = User.objects.get(pk=job.owner_id)
    jobs.begin(job)
    try:
        write_for_job(job, by, LISTINGS[job.params["slug"]])
    except NotAllowed as refusal:
        jobs.fail(job, str(refusal))
    except Exception:
        jobs.fail(job, NOT_WRITTEN)
        raise


@shared_task(name="edfi.tasks.forget_reports")
def forget_reports() -> int:
    return forget()


@shared_task(name="edfi.tasks.look_for_drift", waits_for_go_live=True)
def look_for_drift() -> int:
    """Every night, over each connection that is on. Gives how many comparisons were begun."""
    begun = 0
    for connection in Connection.objects.filter(enabled=True):
        try:
            begun += ask_by_night(connection) is not None
        except RuleBroken:  # somebody's own comparison is under way
            continue
    return begun


@shared_task(name="edfi.tasks.read_ods")
def read_ods(job_id: int) -> None:
    """The reading of the job. A second worker with the same one steps back."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    pull = OdsPull.objects.select_related("ods__district__state", "school_year").get(pk=job.params["pull"])
    with only_one(pull.ods, PULL_LOCKS) as mine:
        if mine:
            _read(job, pull)


def _read(job: Job, pull: OdsPull) -> None:
    jobs.begin(job)
    try:
        with jobs.telling(job) as tell:
            pull = pulling.carry_out(pull, tell)
    except Exception:
        jobs.fail(job, pulling.fail(pull, READ_BROKEN).why)
        raise
    if pull.state == PullState.FAILED:
        jobs.fail(job, pull.why)
    else:
        link = pull.load.get_absolute_url() if pull.load else pull.get_absolute_url()
        jobs.finish(job, f"The ODS is read: {pull.get_state_display()}.", link=link)


@shared_task(name="edfi.tasks.read_every_night")
def read_every_night() -> int:
    """The ODS of every district that wants it. Gives how many readings were begun."""
    return pulling.ask_every_night()
