"""Carries a run through its phases. Killed and started again, it goes on with the phase it was in."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import connection
from django.utils import timezone

from jobs import actions as jobs
from migration.actions import phases
from migration.extract import ExtractRefused
from migration.models import LoadRun, Phase, RunState
from security.refusals import RuleBroken

STEPS = {
    Phase.STAGE: phases.stage,
    Phase.CHECK: phases.check,
    Phase.ARCHIVE: phases.archive,
    Phase.LOAD: phases.load,
    Phase.RECONCILE: phases.reconcile,
}
DRY_STEPS = {Phase.STAGE: phases.stage, Phase.CHECK: phases.check_and_tell}
LOCK = 0x5E12
BROKEN = (
    "The run stopped at an error. Nothing is lost: press Go on, or call the support with the run's number."
)
log = structlog.get_logger(__name__)


def roll_over(run_id: int) -> None:
    """From the run's phase to its end. Does nothing while another worker has the staging area."""
    with alone_with_staging() as alone:
        run = LoadRun.objects.select_related("of_state", "job", "document").get(pk=run_id)
        if alone and not run.is_over:
            _go(run)


def _go(run: LoadRun) -> None:
    jobs.begin(run.job)
    _become(run, RunState.RUNNING)
    try:
        steps = DRY_STEPS if run.dry_run else STEPS
        for phase in list(steps)[list(steps).index(Phase(run.phase)) :]:
            _enter(run, phase)
            steps[phase](run)
    except (ExtractRefused, RuleBroken) as refused:
        _end(run, RunState.REFUSED, _refusal(refused))
    except Exception:
        _end(run, RunState.FAILED, BROKEN)
        raise
    else:
        _enter(run, Phase.OVER)
        _end(run, RunState(run.state), outcome(run))


def outcome(run: LoadRun) -> str:
    """One sentence for the job and the list of runs."""
    counts = run.record_counts.all()
    names = ("migrated", "archived", "rejected")
    migrated, archived, rejected = (sum(getattr(count, name) for count in counts) for name in names)
    if run.state == RunState.BLOCKED:
        return "The accounts do not close: see the fatal findings. Nothing may go live."
    if run.dry_run:
        would = f"{migrated:,} records would be migrated, {archived:,} archived, {rejected:,} rejected"
        return f"Checked, nothing was loaded: {would}."
    moved = f"{migrated:,} records migrated, {archived:,} archived, {rejected:,} rejected"
    return f"{moved}; every record is accounted for."


def _refusal(refused: Exception) -> str:
    rule = getattr(refused, "rule", "")
    return f"{refused} ({rule})" if rule else str(refused)


def _enter(run: LoadRun, phase: Phase) -> None:
    run.phase = phase
    run.save(update_fields=["phase"])
    if phase in STEPS:
        jobs.advance(run.job, phase=phase.label, done=0, total=0)
    log.info("rollover_phase", job=run.job_id, step=str(phase))


def _become(run: LoadRun, state: RunState) -> None:
    run.state = state
    run.save(update_fields=["state"])


def _end(run: LoadRun, state: RunState, sentence: str) -> None:
    run.state, run.sentence, run.ended_at = state, sentence[:500], timezone.now()
    run.save(update_fields=["state", "sentence", "ended_at"])
    if state in (RunState.DONE, RunState.CHECKED, RunState.BLOCKED):
        jobs.finish(run.job, sentence)
    else:
        jobs.fail(run.job, sentence)


@contextmanager
def alone_with_staging() -> Iterator[bool]:
    """One run at a time uses the staging area; a killed worker's lock goes with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = cursor.fetchone()[0]
    try:
        yield alone
    finally:
        if alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
