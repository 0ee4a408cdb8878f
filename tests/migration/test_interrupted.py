"""A worker that is killed loses and doubles nothing."""

import signal
import subprocess
import sys
import time
from itertools import count

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.module_loading import import_string

from migration import account
from migration.actions import roll_over
from migration.actions.alone import alone_with_staging
from migration.models import LoadRun, RecordCount, RunState
from migration.sample import write_sample
from security import scope
from students.models import Student
from tests.migration.conftest import counted, environment, places, start
from tests.migration.small import state_administrator


class Killed(BaseException):
    """As a SIGKILL, nothing of the product is told of it."""


@pytest.fixture
def killed_in(monkeypatch):
    """Lets a run go on until the end of this call of a step."""

    def killed(run: LoadRun, step: str, call: int) -> None:
        works, calls = import_string(step), count(1)

        def works_and_dies(*args):
            result = works(*args)
            if next(calls) == call:
                raise Killed
            return result

        with monkeypatch.context() as patch:
            patch.setattr(step, works_and_dies)
            with pytest.raises(Killed):
                roll_over(run.pk)

    return killed


@pytest.mark.django_db
@pytest.mark.rule("RLO-15")
def test_a_run_whose_worker_is_killed_again_while_it_stages_anew_goes_on(tmp_path, killed_in, browse):
    made = write_sample(tmp_path)
    run = start(tmp_path / "legser.dat", places(tmp_path))
    killed_in(run, "migration.judgement.check", 4)
    killed_in(run, "migration.staging.cut_into_columns", 5)
    roll_over(run.pk)

    run.refresh_from_db()
    assert (run.state, run.interruptions) == (RunState.DONE, 2)
    assert counted(run) == made.types
    page = browse(state_administrator()).get(reverse("migration:run", args=[run.pk])).content.decode()
    assert "was interrupted 2 times and went on where it stopped" in page


@pytest.mark.django_db
@pytest.mark.rule("RLO-15")
def test_a_run_whose_staging_area_is_lost_at_its_end_still_tells_of_every_part(tmp_path, killed_in):
    made = write_sample(tmp_path)
    run = start(tmp_path / "legser.dat", places(tmp_path))
    killed_in(run, "migration.reconciliation.count_records", 1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM staging.cutover")  # as after a crash of the database
    roll_over(run.pk)

    run.refresh_from_db()
    assert (run.state, run.chunks_done) == (RunState.DONE, run.chunks)
    assert not run.parts.filter(loaded_at=None).exists()
    assert counted(run) == made.types


@pytest.mark.rule("RLO-15")
def test_chunks_that_were_loaded_before_the_kill_are_not_loaded_again(own_database, tmp_path, monkeypatch):
    monkeypatch.setattr(account, "STUDENTS_PER_CHUNK", 5)
    write_sample(tmp_path)
    run = start(tmp_path / "legser.dat", places(tmp_path))
    assert _killed(own_database, run, "migration.actions.chunks.load_chunk", 4) == -signal.SIGKILL
    run.refresh_from_db()
    assert (run.state, run.chunks_done, run.chunks) == (RunState.RUNNING, 3, 8)
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
