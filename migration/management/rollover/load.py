"""manage.py rollover load <path>: a load run without a worker, its progress or its result printed."""

import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from jobs.models import Job
from migration.actions import resume_rollover, roll_over, start_rollover
from migration.actions.places import places_of
from migration.extract import ExtractRefused
from migration.management.cutover import add_json
from migration.models import LoadRun, RunState
from migration.result import NOTHING, result_of
from migration.rules.records import record_types
from migration.troubles import AWAY, BROKEN, is_cut_off, sentence_for
from organizations.models import State
from organizations.rules.profiles import Profile
from security import scope
from security.refusals import RuleBroken

HELP = "Loads a legacy extract through the same job as the page, here and now."
SECONDS_BETWEEN_LOOKS = 1.0
FREEZE = re.compile(r"(?P<instant>\S+)(?: (?P<zone>[A-Za-z_]+/[A-Za-z_/]+))?")
NAME_IT = "Name the extract: manage.py rollover load PATH --freeze 2022-07-24T23:59:00"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, nargs="?", help="a folder with legser.dat or csv/, or a ZIP of it")
    parser.add_argument("--freeze", help="when the legacy system became view-only: 2022-07-24T23:59:00")
    parser.add_argument("--dry-run", action="store_true", help="stage and check, load nothing")
    add_json(parser)
    parser.add_argument("--state", default=Profile.LA, choices=list(Profile))
    parser.add_argument("--resume", type=int, metavar="RUN", help="go on with an interrupted run")


def handle(command: BaseCommand, *, resume: int | None, as_json: bool, **options: Any) -> None:
    with _told(command, as_json=as_json):
        run = _interrupted(resume) if resume else _started(**options)
    with _told(command, as_json=as_json, run=run.pk), _watched(command, run.job_id, silent=as_json):
        _carry(run)
    run = LoadRun.objects.get(pk=run.pk)
    with scope.system():
        command.stdout.write(json.dumps(result_of(run))) if as_json else _report(command, run)
    if run.state not in (RunState.DONE, RunState.CHECKED):
        raise CommandError(run.sentence or "The run is not over: another worker has it.")


@contextmanager
def _told(command: BaseCommand, *, as_json: bool, run: int | None = None) -> Iterator[None]:
    """What is refused before there is a run, or stops one on its way, is told as an object too, uncounted."""
    try:
        yield
    except CommandError as refused:
        if as_json:
            command.stdout.write(json.dumps({**NOTHING, "run": run, "refused": str(refused)}))
        raise


def _carry(run: LoadRun) -> None:
    """Raises CommandError with what stopped it that somebody here can mend."""
    try:
        roll_over(run.pk)
    except Exception as trouble:
        sentence = AWAY if is_cut_off(trouble) else sentence_for(trouble)
        if sentence == BROKEN:
            raise
        raise CommandError(f"{sentence} Here: manage.py rollover load --resume {run.pk}") from trouble


def _interrupted(number: int) -> LoadRun:
    run = LoadRun.objects.filter(pk=number).first()
    if run is None:
        raise CommandError(f"There is no run {number}.")
    try:
        return resume_rollover(by=None, run=run)
    except RuleBroken as broken:
        raise CommandError(str(broken)) from broken


def _started(*, path: Path | None, freeze: str | None, dry_run: bool, state: str, **_: Any) -> LoadRun:
    if path is None or not path.exists():
        raise CommandError(f"The extract is not there. {NAME_IT}")
    _make_tables()
    try:
        with scope.system():
            of_state = places_of(path.resolve(), state) or _known(state)
            at = _wall_clock(freeze, of_state) if freeze else None
            return start_rollover(by=None, state=of_state, path=path.resolve(), freeze=at, dry_run=dry_run)
    except (RuleBroken, ExtractRefused) as broken:
        raise CommandError(str(broken)) from broken


def _make_tables() -> None:
    """Of a system that has none yet."""
    if "organizations_state" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)


def _known(code: str) -> State:
    if (found := State.objects.filter(code=code).first()) and found.districts.exists():
        return found
    raise CommandError(
        "The places are not loaded yet: there is no folder reference/ with leas.csv and sites.csv beside the"
        " extract. First: manage.py load_places <folder>"
    )


def _wall_clock(written: str, state: State) -> datetime:
    """By the clock of the state; an offset or the name of a zone behind it says otherwise."""
    zone = ZoneInfo(state.time_zone)
    found = FREEZE.fullmatch(written.strip())
    try:
        instant = datetime.fromisoformat(found["instant"] if found else written)
        if found and found["zone"]:
            instant = instant.replace(tzinfo=ZoneInfo(found["zone"]))
    except (ValueError, ZoneInfoNotFoundError):
        raise CommandError(f"{written!r} is no instant. Write it as 2022-07-24T23:59:00.") from None
    return instant.astimezone(zone).replace(tzinfo=None) if instant.tzinfo else instant


@contextmanager
def _watched(command: BaseCommand, job_id: int, *, silent: bool) -> Iterator[None]:
    """Prints what the job tells while the run goes on, unless only its result is wanted."""
    over = Event()
    watcher = Thread(target=_watch, args=(command, job_id, over), daemon=True)
    if not silent:
        watcher.start()
    try:
        yield
    finally:
        over.set()
        if not silent:
            watcher.join()


def _watch(command: BaseCommand, job_id: int, over: Event) -> None:
    """From a connection of its own."""
    said = ""
    while not over.wait(SECONDS_BETWEEN_LOOKS):
        job = Job.objects.get(pk=job_id)
        words = f"{job.phase}: {job.done:,} of {job.total:,}" if job.total else job.phase
        if words != said:
            command.stdout.write(words)
        said = words
    connection.close()


def _report(command: BaseCommand, run: LoadRun) -> None:
    for count in run.record_counts.all():
        known = record_types().get(count.record_type)
        command.stdout.write(
            f"{count.record_type} {known.label if known else 'Unknown type':<28}"
            f" extracted {count.extracted:>9,}  migrated {count.migrated:>9,}"
            f"  archived {count.archived:>9,}  rejected {count.rejected:>6,}"
        )
    command.stdout.write(run.sentence)
