"""A worker that is killed loses and doubles nothing."""

import signal
import subprocess
import sys
import time

import pytest

from migration import account
from migration.actions import roll_over
from migration.actions.run import alone_with_staging
from migration.models import LoadRun, RecordCount, RunState
from migration.sample import write_sample
from security import scope
from students.models import Contact, Jurisdiction, Student
from tests.migration.conftest import counted, environment, places, start


@pytest.mark.rule("RLO-15")
@pytest.mark.parametrize(
    ("step", "call"),
    [
        ("migration.staging.cut_into_columns", 5),
        ("migration.judgement.check", 4),
        ("migration.account.archive", 5),
        ("migration.actions.chunks.load_chunk", 4),
    ],
)
def test_a_killed_run_goes_on_without_doubles(own_database, tmp_path, monkeypatch, step, call):
    monkeypatch.setattr(account, "STUDENTS_PER_CHUNK", 5)
    made = write_sample(tmp_path)
    run = start(tmp_path / "legser.dat", places(tmp_path))
    assert _killed(own_database, run, step, call) == -signal.SIGKILL
    assert LoadRun.objects.get(pk=run.pk).state == RunState.RUNNING

    _go_on(run)

    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert counted(run) == made.types
    with scope.system():
        assert Student.objects.count() == Contact.objects.count() == Jurisdiction.objects.count() == 38


@pytest.mark.rule("RLO-15")
def test_chunks_that_were_loaded_before_the_kill_are_not_loaded_again(own_database, tmp_path, monkeypatch):
    monkeypatch.setattr(account, "STUDENTS_PER_CHUNK", 5)
    write_sample(tmp_path)
    run = start(tmp_path / "legser.dat", places(tmp_path))
    _killed(own_database, run, "migration.actions.chunks.load_chunk", 4)
    run.refresh_from_db()
    assert (run.chunks_done, run.chunks) == (3, 8)
    with scope.system():
        before = dict(Student.objects.values_list("legacy_key", "pk"))
    assert len(before) == 15

    _go_on(run)

    with scope.system():
        after = dict(Student.objects.values_list("legacy_key", "pk"))
    assert after.items() >= before.items()


def test_a_second_worker_leaves_a_run_alone_that_is_being_worked_on(own_database, tmp_path):
    write_sample(tmp_path)
    run = start(tmp_path / "legser.dat", places(tmp_path))

    with alone_with_staging() as alone:
        assert alone
        subprocess.run(
            _worker(run, "migration.staging.copy_lines", 99), env=environment(own_database), check=True
        )

    assert LoadRun.objects.get(pk=run.pk).state == RunState.WAITING
    assert RecordCount.objects.count() == 0


def _killed(database: str, run: LoadRun, step: str, call: int) -> int:
    """The exit status of a worker that is killed in this call of a step."""
    return subprocess.run(_worker(run, step, call), env=environment(database), check=False).returncode


def _worker(run: LoadRun, step: str, call: int) -> list[str]:
    return [sys.executable, "-m", "tests.migration.dying_worker", str(run.pk), step, str(call)]


def _go_on(run: LoadRun) -> None:
    """The server lets the dead worker's lock go a moment after its connection is gone."""
    for _ in range(100):
        roll_over(run.pk)
        if LoadRun.objects.get(pk=run.pk).is_over:
            return
        time.sleep(0.1)
