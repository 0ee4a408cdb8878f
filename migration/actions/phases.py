"""The phases of a run: each does its work in sets and may be done again without doubles."""

import time
from itertools import islice

from jobs import actions as jobs
from migration import (
    account,
    attachments,
    code_maps,
    duplicates,
    following,
    judgement,
    reconciliation,
    reference,
    staging,
    vanished,
)
from migration.actions import chunks
from migration.actions.start import cutover_in, opened
from migration.actions.step import step, wide_step
from migration.archive import store
from migration.models import LoadRun, Phase, RunState
from migration.package import Package
from migration.reading import Reading
from migration.rules.records import RecordType, record_types

ATTACHMENTS = "12"
LINES_PER_COPY = 50_000
SECONDS_BETWEEN_LOOKS = 0.2


def stage(run: LoadRun) -> None:
    """The records of the extract into bare tables, and a look at its files. Raises ExtractRefused."""
    with step() as cursor:
        staging.prepare(cursor)
        reference.lay_out(cursor, run, cutover_in(run))
    with opened(run) as package:
        lines = _stage_lines(run, package)
        for record_type in record_types().values():
            _stage_type(record_type, package)
    with step() as cursor:
        code_maps.apply(cursor, run)
        duplicates.apply(cursor, run)
        staging.mark_whole(cursor)
    run.lines = lines
    run.save(update_fields=["lines"])


def _stage_lines(run: LoadRun, package: Package) -> int:
    reading = Reading(package, cutover_in(run).freeze, run.sha256)
    lines = reading.lines()
    copied = LINES_PER_COPY
    while copied == LINES_PER_COPY:
        with step() as cursor:
            copied = staging.copy_lines(cursor, islice(lines, LINES_PER_COPY))
        jobs.advance(run.job, done=reading.line, total=max(reading.promised, reading.line))
    return reading.line


def _stage_type(record_type: RecordType, package: Package) -> None:
    with wide_step() as cursor:
        staging.cut_into_columns(cursor, record_type)
        if record_type.code == ATTACHMENTS:
            attachments.look(cursor, package)


def check(run: LoadRun) -> None:
    """Every rule over every row, then the fate of each row; findings and rejected rows are kept."""
    if not _is_staged_only(run):
        stage(run)
    types = record_types().values()
    with wide_step() as cursor:
        judgement.prepare_checks(cursor)
    for number, record_type in enumerate(types, start=1):
        with wide_step() as cursor:
            judgement.check(cursor, record_type)
        jobs.advance(run.job, done=number, total=len(types))
    with wide_step() as cursor:
        for record_type in types:
            judgement.judge(cursor, record_type)
        judgement.decide(cursor)
        run.chunks = account.prepare_load(cursor)
        chunks.prepare(run, 0 if run.dry_run else run.chunks)
        account.note_findings(cursor, run)
        account.note_rejections(cursor, run)
        duplicates.note(cursor, run)
        following.follow(cursor, run)
        run.chunks_done = 0
        run.save(update_fields=["chunks", "chunks_done"])


def check_and_tell(run: LoadRun) -> None:
    """The end of a dry run: what a load would give. The new state is kept with the run's sentence."""
    check(run)
    with step() as cursor:
        reconciliation.count_records(cursor, run)
        reconciliation.count_kept(cursor, run)
    run.state = RunState.CHECKED


def archive(run: LoadRun) -> None:
    """Closed records older than the cut go to the archive (RLO-09), with the files that belong to them."""
    _ensure_judged(run)
    with opened(run) as package, step() as cursor:
        attachments.copy_archived(cursor, package)
    with step() as cursor:
        store.open_desk(cursor)
    for record_type in record_types().values():
        with step() as cursor:
            account.archive(cursor, run, record_type)
    with wide_step() as cursor:
        store.put_away(cursor, run)


def load(run: LoadRun) -> None:
    """Chunk after chunk, shared with the workers that come to help; it ends when the last one is loaded."""
    _ensure_judged(run)
    if run.job.task:
        chunks.call_helpers(run)
    with opened(run) as package:
        while run.parts.filter(loaded_at=None).exists():
            if not chunks.take_one(run, package):
                time.sleep(SECONDS_BETWEEN_LOOKS)
                _ensure_judged(run)
            run.refresh_from_db(fields=["chunks_done"])
            jobs.advance(run.job, done=run.chunks_done, total=run.chunks)


def reconcile(run: LoadRun) -> None:
    """Counts what is really there; a difference blocks the run. Its state is kept with its sentence."""
    if _ensure_judged(run):
        _load_again(run)
    attachments.remove_half_copies()
    chunks.count_anew(run)
    with wide_step() as cursor:
        reconciliation.count_records(cursor, run)
        reconciliation.count_kept(cursor, run)
        run.control_totals = reconciliation.count_totals(cursor)
        differences = reconciliation.note_differences(run)
        vanished.note(cursor, run)
        if not differences:
            store.give_back(cursor, run)
    run.state = RunState.BLOCKED if differences else RunState.DONE
    run.save(update_fields=["control_totals"])


def _load_again(run: LoadRun) -> None:
    """The parts are laid out anew; what they hold is loaded already, and stays as it is."""
    _enter(run, Phase.LOAD)
    load(run)
    _enter(run, Phase.RECONCILE)


def _enter(run: LoadRun, phase: Phase) -> None:
    run.phase = phase
    run.save(update_fields=["phase"])


def _is_staged_only(run: LoadRun) -> bool:
    """To its end, and no check has begun."""
    with step() as cursor:
        whole = reference.is_laid_out_for(cursor, run) and reference.exists(cursor, staging.WHOLE)
        return whole and not reference.exists(cursor, "staging.child")


def _ensure_judged(run: LoadRun) -> bool:
    """The staging area may have been lost, or taken by another run, while this one was away. Was it?"""
    with step() as cursor:
        judged = reference.is_laid_out_for(cursor, run) and reference.exists(cursor, "staging.text_load")
    if not judged:
        stage(run)
        check(run)
    return not judged
