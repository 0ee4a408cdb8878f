"""Carries a run through its phases. Killed and started again, it goes on with the phase it was in."""

import structlog
from django.db import transaction
from django.utils import timezone

from jobs import actions as jobs
from migration.actions import phases
from migration.actions.alone import alone_with_staging
from migration.extract import ExtractRefused
from migration.models import LoadRun, Phase, RunState
from migration.troubles import is_cut_off, sentence_for
from security.refusals import RuleBroken

STEPS = {
    Phase.STAGE: phases.stage,
    Phase.CHECK: phases.check,
    Phase.ARCHIVE: phases.archive,
    Phase.LOAD: phases.load,
    Phase.RECONCILE: phases.reconcile,
}
DRY_STEPS = {Phase.STAGE: phases.stage, Phase.CHECK: phases.check_and_tell}
log = structlog.get_logger(__name__)


def roll_over(run_id: int) -> None:
    """From the run's phase to its end. Does nothing while another worker has the staging area."""
    with alone_with_staging() as alone:
        run = LoadRun.objects.select_related("of_state", "job", "document").get(pk=run_id)
        if alone and not run.is_over:
            _go(run)


def _go(run: LoadRun) -> None:
    jobs.begin(run.job)
    _begin(run)
    try:
        steps = DRY_STEPS if run.dry_run else STEPS
        for phase in list(steps)[list(steps).index(Phase(run.phase)) :]:
            _enter(run, phase)
            steps[phase](run)
    except (ExtractRefused, RuleBroken) as refused:
        _end(run, RunState.REFUSED, _refusal(refused))
    except Exception as trouble:
        # Without the database nothing can be told: the run stays as one whose worker was killed.
        if not is_cut_off(trouble):
            _end(run, RunState.FAILED, sentence_for(trouble))
        raise
    else:
        run.phase = Phase.OVER
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
    jobs.advance(run.job, phase=phase.label, done=0, total=0)
    log.info("rollover_phase", job=run.job_id, step=str(phase))


def _begin(run: LoadRun) -> None:
    """A run that is found running was left by a worker that is no more."""
    if run.state == RunState.RUNNING:
        run.interruptions += 1
    run.state, run.sentence, run.ended_at = RunState.RUNNING, "", None
    run.save(update_fields=["state", "interruptions", "sentence", "ended_at"])


@transaction.atomic
def _end(run: LoadRun, state: RunState, sentence: str) -> None:
    """Run and job in one step: a kill leaves neither of them half-way."""
    run.state, run.sentence, run.ended_at = state, sentence[:500], timezone.now()
    run.save(update_fields=["state", "phase", "sentence", "ended_at"])
    if state in (RunState.DONE, RunState.CHECKED, RunState.BLOCKED):
        jobs.finish(run.job, sentence)
    else:
        jobs.fail(run.job, sentence)
