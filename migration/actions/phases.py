"""The phases of a run: each does its work in sets and may be done again without doubles."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import F

from jobs import actions as jobs
from migration import account, judgement, reconciliation, reference, staging
from migration.actions.start import cutover_of, opened
from migration.extract import Extract, promised_lines
from migration.models import LoadRun, RunState
from migration.rules.findings import bits
from migration.rules.records import record_types
from security import scope

LINES_PER_COPY = 50_000
LOADS = tuple(sorted(account.LOADS.glob("[0-9]*.sql")))
CONTESTED = ("DQ-021", "DQ-022", "DQ-024")


def stage(run: LoadRun) -> None:
    """The lines of the extract into bare tables. Raises ExtractRefused."""
    with _step() as cursor:
        staging.prepare(cursor)
        reference.lay_out(cursor, run, cutover_of(run.of_state))
    with opened(run) as file:
        extract = Extract(file, cutover_of(run.of_state).freeze)
        promised, lines = promised_lines(file), extract.lines()
        while batch := list(islice(lines, LINES_PER_COPY)):
            with _step() as cursor:
                staging.copy_lines(cursor, batch)
            jobs.advance(run.job, done=extract.line, total=max(promised, extract.line))
    for record_type in record_types().values():
        with _step() as cursor:
            staging.cut_into_columns(cursor, record_type)
    run.lines = extract.line
    run.save(update_fields=["lines"])


def check(run: LoadRun) -> None:
    """Every rule over every row, then the fate of each row; findings and rejected rows are kept."""
    if not _is_staged(run, and_not="staging.child"):
        stage(run)
    types = record_types().values()
    with _step() as cursor:
        judgement.prepare_checks(cursor)
    for number, record_type in enumerate(types, start=1):
        with _step() as cursor:
            judgement.check(cursor, record_type)
        jobs.advance(run.job, done=number, total=len(types))
    with _step() as cursor:
        for record_type in types:
            judgement.judge(cursor, record_type)
        judgement.decide(cursor)
        run.chunks = account.prepare_load(cursor)
        account.note_findings(cursor, run)
        account.note_rejections(cursor, run)
        run.chunks_done = 0
        run.save(update_fields=["chunks", "chunks_done"])


def archive(run: LoadRun) -> None:
    """Closed records older than the cut go to the archive (RLO-09)."""
    _ensure_judged(run)
    for record_type in record_types().values():
        with _step() as cursor:
            account.archive(cursor, run, record_type)


def load(run: LoadRun) -> None:
    """Chunk after chunk, each one transaction together with the note that it is done."""
    _ensure_judged(run)
    jobs.advance(run.job, done=run.chunks_done, total=run.chunks)
    while run.chunks_done < run.chunks:
        with _step() as cursor:
            _load_chunk(cursor, run.chunks_done + 1)
            LoadRun.objects.filter(pk=run.pk).update(chunks_done=F("chunks_done") + 1)
        run.refresh_from_db(fields=["chunks_done"])
        jobs.advance(run.job, done=run.chunks_done, total=run.chunks)


def reconcile(run: LoadRun) -> None:
    """Counts what is really there; a difference blocks the run."""
    _ensure_judged(run)
    with _step() as cursor:
        reconciliation.count_records(cursor, run)
        run.control_totals = reconciliation.count_totals(cursor)
        differences = reconciliation.note_differences(run)
    run.state = RunState.BLOCKED if differences else RunState.DONE
    run.save(update_fields=["control_totals", "state"])


@contextmanager
def _step() -> Iterator[CursorWrapper]:
    """One transaction of the loader, which sees every child and may write what is locked or official."""
    with scope.system(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('eser.loader', 'on', true)")
        yield cursor


def _is_staged(run: LoadRun, *, and_not: str) -> bool:
    with _step() as cursor:
        return reference.is_laid_out_for(cursor, run) and not reference.exists(cursor, and_not)


def _ensure_judged(run: LoadRun) -> None:
    """The staging area may have been lost, or taken by another run, while this one was interrupted."""
    with _step() as cursor:
        judged = reference.is_laid_out_for(cursor, run) and reference.exists(cursor, "staging.text_load")
    if not judged:
        stage(run)
        check(run)


def _load_chunk(cursor: CursorWrapper, chunk: int) -> None:
    masks = {
        "contested": sum(bits()[rule] for rule in CONTESTED),
        "unknown_provider": bits()["DQ-052"],
        "incomplete": bits()["DQ-060"],
    }
    for path in LOADS:
        sql = path.read_text()
        for name, mask in masks.items():
            sql = sql.replace(f"{{{name}}}", str(mask))
        cursor.execute(sql, {"chunk": chunk})
