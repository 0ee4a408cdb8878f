"""python -m tests.migration.nursery: forks processes that have Django loaded already, one for each line.

`work`: a Celery worker; its process number is printed, and whoever asked may kill it. Other lines are done
before their answer is printed: the exit status.
"""

import os
import sys
import traceback
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from celery.bin import worker  # noqa: E402, F401  once for all of them
from django.core.management import call_command  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from eser.celery import app  # noqa: E402
from jobs.actions import enqueue, send_forgotten  # noqa: E402
from jobs.models import Job  # noqa: E402
from migration import account  # noqa: E402
from migration.actions import roll_over, run, start_rollover  # noqa: E402
from migration.actions.places import load_places  # noqa: E402
from migration.models import LoadRun  # noqa: E402
from migration.tasks import TASK  # noqa: E402
from organizations.models import State  # noqa: E402
from security import scope  # noqa: E402

LONG_AGO = timedelta(days=1)
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def work() -> None:
    app.worker_main(["--quiet", "worker", "--pool", "solo", *ALONE, "--loglevel", "CRITICAL"])


def lay_out(folder: str) -> None:
    with scope.system():
        load_places(Path(folder), "LA")


def start(path: str) -> None:
    """A run that a worker is asked to take."""
    enqueue(_started(path).job, TASK)


def load(path: str) -> None:
    """A run that nobody disturbs."""
    roll_over(_started(path).pk)


def resume() -> None:
    """The latest run, by an operator."""
    latest = LoadRun.objects.latest("pk")
    call_command("rollover", "load", "--resume", str(latest.pk))


def wake() -> None:
    """As after long silence, when jobs are handed over again; what was never handed over, by hand."""
    ago = timezone.now() - LONG_AGO
    Job.objects.unfinished().update(sent_at=ago, heard_at=ago)
    for left in LoadRun.objects.unfinished().filter(job__task=""):
        enqueue(left.job, TASK)
    send_forgotten()


def _started(path: str) -> LoadRun:
    with scope.system():
        return start_rollover(by=None, state=State.objects.get(), path=Path(path))


def _show_troubles() -> None:
    """What stopped a run, for whoever reads why a test failed."""
    in_words = run.sentence_for

    def shown(trouble: Exception) -> str:
        traceback.print_exception(trouble)
        return in_words(trouble)

    run.sentence_for = shown


DEEDS = {deed.__name__: deed for deed in (work, lay_out, start, load, resume, wake)}


def _fork(name: str, words: list[str]) -> int:
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        os.dup2(2, 1)  # the answers are the nursery's alone
        DEEDS[name](*words)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    account.STUDENTS_PER_CHUNK = int(sys.argv[1])
    app.loader.import_default_modules()
    app.finalize()
    reverse("migration:runs")
    _show_troubles()
    for line in sys.stdin:
        name, *words = line.split()
        process = _fork(name, words)
        answer = process if name == "work" else os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        print(answer, flush=True)
