"""The load, shared by workers: each takes a part that nobody else has, and loads it in one transaction.

A part is taken with a lock on its row. The lock of a worker that is killed goes with its connection, and its
transaction with it: the next one takes the part again.
"""

import os
import socket
from functools import cache

import pgtrigger
import structlog
from celery import current_app
from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from migration import account, attachments, kept, reference
from migration.actions.start import opened
from migration.actions.step import step
from migration.load_sql import load_statements
from migration.models import LoadChunk, LoadRun
from migration.package import Package
from migration.vanished import is_later

HELPERS, FIRST = 3, 1
HELP_TASK = "migration.tasks.help_load"
TAKE = """
SELECT c.number FROM ser_rollover_loadchunk c JOIN ser_rollover_loadrun r ON r.id = c.run_id
WHERE r.id = %s AND r.phase = 'LOAD' AND r.state = 'RUNNING' AND NOT r.dry_run AND c.loaded_at IS NULL
ORDER BY c.number FOR UPDATE OF c SKIP LOCKED LIMIT 1
"""
# Before go-live the legacy system alone says what stands in an official IEP or a locked evaluation.
IMMUTABLE = (
    "ieps.Iep:official_is_immutable", "ieps.Iep:official_is_no_draft_again",
    "ieps.Iep:deleted_on_request_only", "ieps.Iep:child_changes_by_a_merge_only",
    "ieps.Service:child_changes_by_a_merge_only",
    "evaluations.Evaluation:locked_is_immutable", "evaluations.Evaluation:unlock_changes_nothing_else",
    "evaluations.Evaluation:child_changes_by_a_merge_only",
    "enrollment.SpecialEducationActivity:child_changes_by_a_merge_only",
    "students.Jurisdiction:child_changes_by_a_merge_only",
    "ser_rollover.LegacyAttachment:child_changes_by_a_merge_only",
)  # fmt: skip
log = structlog.get_logger(__name__)


def prepare(run: LoadRun, number: int) -> None:
    """The parts of a load that begins anew; in the transaction that lays out their rows."""
    run.parts.all().delete()
    run.kept_rows.all().delete()
    LoadChunk.objects.bulk_create(LoadChunk(run=run, number=n) for n in range(1, number + 1))


def call_helpers(run: LoadRun) -> None:
    """Asks other workers to share the load. Without a queue, or with all of them busy, one does it alone."""
    for _ in range(min(HELPERS, run.chunks - 1)):
        try:
            current_app.send_task(HELP_TASK, [run.pk], queue=settings.CELERY_TASK_DEFAULT_QUEUE, retry=False)
        except OperationalError:
            log.warning("queue_away", run=run.pk)
            return


def help_load(run: LoadRun) -> None:
    """Loads part after part until none is free, beside the worker that leads the run."""
    with opened(run) as package:
        while take_one(run, package):
            pass


def take_one(run: LoadRun, package: Package) -> bool:
    """Loads one part that is free; False when there is none, or the staging area holds another run."""
    with step() as cursor:
        if not reference.is_laid_out_for(cursor, run):
            return False
        cursor.execute(TAKE, [run.pk])
        if (taken := cursor.fetchone()) is None:
            return False
        load_chunk(cursor, run, taken[0], package)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # before the run's row is locked, not while it is
        _note_loaded(run, taken[0])
    if taken[0] == FIRST:
        count_anew(run)
    return True


def count_anew(run: LoadRun) -> None:
    """Tells the planner what a load in several parts has put into the tables, however empty they were."""
    if run.chunks > 1:
        with step() as cursor:
            cursor.execute("SELECT ser_rollover_count_anew()")


def load_chunk(cursor: CursorWrapper, run: LoadRun, number: int, package: Package) -> None:
    cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [immutable()])
    attachments.copy_files(cursor, number, package)
    again = is_later(run)
    anew = not again and account.is_new(cursor, number)
    for sql in load_statements(account.types_in(cursor, number), again=again, anew=anew):
        cursor.execute(sql, {"chunk": number})
    if again:
        kept.note(cursor, run, number)


@cache
def immutable() -> str:
    """The triggers that a load passes by, as the setting wants them."""
    names = (trigger.get_pgid(model) for model, trigger in pgtrigger.registered(*IMMUTABLE))
    return "{" + ",".join(names) + "}"


def _note_loaded(run: LoadRun, number: int) -> None:
    LoadChunk.objects.filter(run=run, number=number).update(
        loaded_at=timezone.now(), worker=f"{socket.gethostname()}:{os.getpid()}"[:80]
    )
    LoadRun.objects.filter(pk=run.pk).update(chunks_done=F("chunks_done") + 1)
