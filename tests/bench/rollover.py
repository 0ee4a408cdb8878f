"""A legacy extract loaded by a worker as in production, beside COPY of the rows that came of it.

Both write into the same tables with their live indexes, keys, row security and the table of who may see whom:
once without history, once with it. The goal counts the phases Stage, Check and Load, from the message to the
worker on; Archive and Reconcile are shown beside them, and `rows` are those that are live at the end.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psutil
from celery import current_app
from django.conf import settings
from psycopg import sql

from eser.demo import children
from migration.actions import start_rollover
from migration.actions.places import places_of
from migration.models import LoadRun, Phase, RunState
from migration.tasks import TASK
from security import scope
from tests.bench.extract import extract_of
from tests.bench.generated import owner_of
from tests.bench.measure import Result, report
from tests.database import ROOT, database

GOAL, WITH_HISTORY_GOAL, MEMORY_GOAL = 0.85, 0.65, 300  # of COPY's speed, twice; MB
FREEZE = datetime(2022, 7, 24, 23, 59)  # noqa: DTZ001  by the clock of the state
TABLES = ("students_student", "students_jurisdiction")
COUNTED = (Phase.STAGE, Phase.CHECK, Phase.LOAD)
LOOK = 0.05  # seconds between two looks at the run
PATIENCE = 60  # seconds for a worker to begin


@dataclass
class Measured:
    """Seconds of each phase, and of COPY; `rows` that are live, `peak` MB of the largest worker."""

    phases: dict[Phase, float] = field(default_factory=dict)
    copy: float = 0.0
    rows: int = 0
    peak: int = 0

    @property
    def ours(self) -> float:
        return sum(self.phases.get(phase, 0.0) for phase in COUNTED)


def run(students: int) -> int:
    """Measure with an extract of this many students; 0 when every goal is kept."""
    folder = extract_of(students, Path(settings.ESER_HOME))
    bare, kept = (measured(folder, history=history) for history in (False, True))
    results = [
        beside_copy("staging, checks, load, without history", bare, GOAL),
        *each_phase(bare),
        beside_copy("the same with history", kept, WITH_HISTORY_GOAL),
        *each_phase(kept),
        slower("with history, beside without", bare.ours, kept.ours),
        memory(max(bare.peak, kept.peak)),
    ]
    report(f"The rollover, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def beside_copy(what: str, found: Measured, goal: float) -> Result:
    share = found.copy / found.ours
    words = f"{share:.2f}× COPY's speed, {found.rows / found.ours:,.0f} rows/s"
    return Result(what, found.copy * 1000, found.ours * 1000, f"≥ {goal}; {words}", share >= goal)


def each_phase(found: Measured) -> list[Result]:
    return [
        Result(f"  {phase.label}", found.copy * 1000, seconds * 1000, "shown", True)
        for phase, seconds in found.phases.items()
    ]


def slower(what: str, without: float, with_it: float) -> Result:
    said = f"shown; {without / with_it:.2f}× the speed"
    return Result(what, without * 1000, with_it * 1000, said, True)


def measured(folder: Path, *, history: bool) -> Measured:
    """One load in a database of its own, then its rows once more by COPY."""
    with database("rollover") as name:
        with scope.system():
            state = places_of(folder, "LA")
            load = start_rollover(by=None, state=state, path=folder, freeze=FREEZE)
        if not history:
            without_history(name)
        found = Measured()
        with worker(name) as process:
            found.phases, found.peak = watched(load, process, name)
        found.rows, found.copy = copied(name)
    return found


def without_history(name: str) -> None:
    with owner_of(name) as db:
        triggers = db.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgrelid = ANY (%s::regclass[])"
            " AND tgname ~ '^pgtrigger_(insert_insert|update_update|delete_delete)_'",
            [list(TABLES)],
        ).fetchall()
        assert len(triggers) == 3 * len(TABLES), triggers
        for table, trigger in triggers:
            db.execute(
                sql.SQL("ALTER TABLE {} DISABLE TRIGGER {}").format(*map(sql.Identifier, (table, trigger)))
            )


def memory(peak: int) -> Result:
    said = f"≤ {MEMORY_GOAL} MB"
    return Result("MB of a worker at most", MEMORY_GOAL, peak, said, peak <= MEMORY_GOAL)


@contextmanager
def worker(name: str) -> Iterator[psutil.Process]:
    """Celery as the demo and the images start it, over this database and its queue."""
    command = children.commands(settings.ESER_HOME)["worker"]
    chosen = {"ESER_DB_NAME": name, "ESER_DONT_START": "1", "PYTHONPATH": str(ROOT)}
    log = settings.ESER_HOME / "rollover-worker.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=ROOT, env=os.environ | chosen, stdout=output, stderr=output, start_new_session=True
        ) as process,
    ):
        try:
            wait_for_answer(process)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


def wait_for_answer(process: subprocess.Popen) -> None:
    end = time.monotonic() + PATIENCE
    while not current_app.control.ping(timeout=0.5):
        if process.poll() is not None or time.monotonic() > end:
            sys.exit("The worker does not answer: see rollover-worker.log in ESER_HOME.")


def watched(load: LoadRun, process: psutil.Process, queue: str) -> tuple[dict[Phase, float], int]:
    """Sends the task as `jobs.actions.enqueue` does; seconds of each phase until the run is over."""
    load.job.task = TASK
    load.job.save(update_fields=["task"])
    phases: dict[Phase, float] = {}
    peak, before = 0, time.perf_counter()
    current_app.send_task(TASK, [load.job_id], queue=queue)
    while not load.is_over:
        time.sleep(LOOK)
        phase = Phase(load.phase)
        load.refresh_from_db(fields=["phase", "state", "sentence"])
        now = time.perf_counter()
        phases[phase] = phases.get(phase, 0.0) + now - before
        before, peak = now, max(peak, *map(most_held, process.children()))
    assert load.state == RunState.DONE, load.sentence
    return {phase: seconds for phase, seconds in phases.items() if phase != Phase.OVER}, peak


def most_held(process: psutil.Process) -> int:
    """MB that a process has held at once, at most."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM")), 0)


def copied(name: str) -> tuple[int, float]:
    """How many live rows there are, and how long COPY takes to write them into the emptied tables."""
    with owner_of(name) as db:
        files = [written_out(db, table) for table in TABLES]
        db.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, TABLES))))
        begun = time.perf_counter()
        rows = sum(read_in(db, table, *file) for table, file in zip(TABLES, files, strict=True))
        took = time.perf_counter() - begun
    for _, path in files:
        path.unlink()
    return rows, took


def written_out(db, table: str) -> tuple[sql.Composable, Path]:
    columns = db.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = ''"
        " AND NOT attisdropped ORDER BY attnum", [table],
    )  # fmt: skip
    named = sql.SQL(", ").join(sql.Identifier(column) for (column,) in columns)
    path = settings.ESER_HOME / f"{table}.copy"
    asked = sql.SQL("COPY (SELECT {} FROM {} ORDER BY id) TO STDOUT").format(named, sql.Identifier(table))
    with path.open("wb") as file, db.cursor() as cursor, cursor.copy(asked) as copy:
        for block in copy:
            file.write(block)
    return named, path


def read_in(db, table: str, columns: sql.Composable, path: Path) -> int:
    asked = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with path.open("rb") as file, db.cursor() as cursor:
        with cursor.copy(asked) as copy:
            while block := file.read(1 << 20):
                copy.write(block)
        return cursor.rowcount
