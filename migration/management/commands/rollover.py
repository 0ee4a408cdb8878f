"""manage.py rollover <file>: a load run without a worker, its progress printed."""

from argparse import ArgumentParser
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from jobs.models import Job
from migration.actions import roll_over, start_rollover
from migration.models import LoadRun, RunState
from migration.rules.records import record_types
from organizations.models import State
from organizations.rules.profiles import Profile
from security import scope
from security.refusals import RuleBroken

SECONDS_BETWEEN_LOOKS = 1.0


class Command(BaseCommand):
    help = "Loads a legacy extract through the same job as the page, here and now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--state", default=Profile.LA, choices=list(Profile))
        parser.add_argument("--resume", type=int, metavar="RUN", help="go on with an interrupted run")

    def handle(self, *args: Any, file: Path | None, state: str, resume: int | None, **options: Any) -> None:
        run = LoadRun.objects.get(pk=resume) if resume else self._started(file, state)
        over = Event()
        watcher = Thread(target=self._watch, args=(run.job_id, over), daemon=True)
        watcher.start()
        try:
            roll_over(run.pk)
        finally:
            over.set()
            watcher.join()
        self._report(LoadRun.objects.get(pk=run.pk))

    def _started(self, file: Path | None, state: str) -> LoadRun:
        if file is None or not file.is_file():
            raise CommandError("Name the extract: manage.py rollover legser.dat")
        try:
            with scope.system():
                return start_rollover(by=None, state=self._state(state), path=file.resolve())
        except RuleBroken as broken:
            raise CommandError(str(broken)) from broken

    def _state(self, code: str) -> State:
        if found := State.objects.filter(code=code).first():
            return found
        raise CommandError("The places are not loaded yet. First: manage.py load_places <folder>")

    def _watch(self, job_id: int, over: Event) -> None:
        """Prints what the job tells, from a connection of its own."""
        said = ""
        while not over.wait(SECONDS_BETWEEN_LOOKS):
            job = Job.objects.get(pk=job_id)
            words = f"{job.phase}: {job.done:,} of {job.total:,}" if job.total else job.phase
            if words != said:
                self.stdout.write(words)
            said = words
        connection.close()

    def _report(self, run: LoadRun) -> None:
        for count in run.record_counts.all():
            label = (
                record_types()[count.record_type].label
                if count.record_type in record_types()
                else "Unknown type"
            )
            self.stdout.write(
                f"{count.record_type} {label:<28}"
                f" extracted {count.extracted:>9,}  migrated {count.migrated:>9,}"
                f"  archived {count.archived:>9,}  rejected {count.rejected:>6,}  waiting {count.waiting:>9,}"
            )
        self.stdout.write(run.sentence)
        if run.state != RunState.DONE:
            raise CommandError("The run did not reconcile.")
