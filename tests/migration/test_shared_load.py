"""Several workers share the load of one run."""

import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from migration import account
from migration.actions import roll_over
from migration.actions.run import STEPS
from migration.models import LoadRun, Phase, RunState
from migration.sample import Sample, write_sample
from security import scope
from students.models import Student
from tests.migration.conftest import counted, environment, places, start


@pytest.fixture
def waiting(own_database, tmp_path, monkeypatch) -> tuple[LoadRun, Sample]:
    """A run whose parts wait to be loaded: 38 of them, one for each child that is migrated."""
    monkeypatch.setattr(account, "STUDENTS_PER_CHUNK", 1)
    made = write_sample(tmp_path)
    run = start(tmp_path / "legser.dat", places(tmp_path))
    for phase in (Phase.STAGE, Phase.CHECK, Phase.ARCHIVE):
        STEPS[phase](run)
    LoadRun.objects.filter(pk=run.pk).update(phase=Phase.LOAD, state=RunState.RUNNING)
    return run, made


def working_together(database: str, run: LoadRun, *dies_in: int) -> list[int]:
    """As many workers as numbers, which begin together; how each of them ended."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.migration.sharing_worker", str(run.pk), str(chunk)],
            env=environment(database), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for chunk in dies_in
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout.readline() == "there\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        worker.communicate(timeout=60)
    return [worker.returncode for worker in workers]


@pytest.mark.rule("RLO-15")
def test_two_workers_load_every_part_once(own_database, waiting):
    run, made = waiting

    assert working_together(own_database, run, 0, 0) == [0, 0]

    shares = Counter(run.parts.values_list("worker", flat=True))
    assert len(shares) == 2
    assert sum(shares.values()) == 38
    assert not run.parts.filter(loaded_at=None).exists()
    roll_over(run.pk)
    run.refresh_from_db()
    assert (run.state, run.chunks_done) == (RunState.DONE, 38)
    assert counted(run) == made.types
    assert children_that_the_planner_knows() == 38


def children_that_the_planner_knows() -> int:
    """Nothing but a load counts them here: -1 when nobody has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'students_student'::regclass")
        return int(cursor.fetchone()[0])


@pytest.mark.rule("RLO-15")
def test_the_part_of_a_killed_worker_is_taken_by_the_other_one(own_database, waiting):
    run, made = waiting

    assert working_together(own_database, run, 0, 3) == [0, -signal.SIGKILL]

    roll_over(run.pk)  # whatever the survivor could not see any more
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert counted(run) == made.types
    assert run.chunks_done == 38
    with scope.system():
        assert Student.objects.count() == 38


def test_nobody_helps_with_a_run_that_is_not_being_loaded(own_database, waiting):
    run, _ = waiting
    LoadRun.objects.filter(pk=run.pk).update(state=RunState.FAILED)

    working_together(own_database, run, 0)

    assert run.parts.filter(loaded_at=None).count() == 38
