"""Starting a run from an uploaded or transferred extract, and going on with an interrupted one."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.urls import reverse

from documents.models import Document
from jobs import actions as jobs
from journal.actions import record
from migration import package as packages
from migration import reading, refusals
from migration.access import check_may_run
from migration.actions.alone import check_nobody_works
from migration.calendar_of import calendar_of
from migration.extract import ExtractRefused
from migration.models import LoadRun, Phase, RunState
from migration.package import Package
from migration.rules.records import Cutover
from organizations.models import State
from organizations.rules.profiles import Profile, state_profile
from security.models import User
from security.refusals import RuleBroken

KIND = "rollover"
DOCUMENT_KIND = "legacy_extract"
PHASES = [phase.label for phase in Phase if phase != Phase.OVER]


@transaction.atomic
def start_rollover(
    *,
    by: User | None,
    state: State,
    document: Document | None = None,
    path: Path | None = None,
    freeze: datetime | None = None,
    dry_run: bool = False,
) -> LoadRun:
    """A run that waits for a worker; its header is already read. `by` is None for the command line.

    `path`: legser.dat, a folder or a ZIP of it. `freeze`: wall clock of the state, instead of its profile's.
    Raises RuleBroken when that is no extract of this state's cut-over, when another run is under way, or when
    the extract is not the one that was checked there last.
    """
    if by is not None:
        check_may_run(by)
    check_legacy_is_on(state)
    _check_none_under_way()
    cutover = Cutover(freeze) if freeze else cutover_of(state)
    run = _new_run(by, state, document, path, cutover, dry_run)
    record("ROLLOVER_STARTED", f"Started rollover run {run.pk}", by=by)
    return run


def load_what_was_checked(*, by: User, run: LoadRun) -> LoadRun:
    """A load of the extract of a dry run. Raises RuleBroken when the file has changed since."""
    check_may_run(by)
    if run.state != RunState.CHECKED:
        raise RuleBroken("Only what a dry run has checked is loaded from here.")
    path, freeze = Path(run.path) if run.path else None, cutover_in(run).freeze
    return start_rollover(by=by, state=run.of_state, document=run.document, path=path, freeze=freeze)


@transaction.atomic
def resume_rollover(*, by: User | None, run: LoadRun) -> LoadRun:
    """Lets an interrupted run go on where it stopped. `by` is None for the command line.

    Raises RuleBroken when it is over, when a later one has come since, and when a worker is at work on it:
    somebody else was faster.
    """
    if by is not None:
        check_may_run(by)
    run = LoadRun.objects.select_related("of_state", "job").select_for_update(of=("self",)).get(pk=run.pk)
    check_legacy_is_on(run.of_state)
    if run.phase == Phase.OVER or run.state == RunState.REFUSED:
        raise RuleBroken("This run is over. Start a new run instead.")
    _check_is_the_latest(run)
    check_nobody_works()
    if run.state == RunState.FAILED:
        run.state, run.interruptions = RunState.WAITING, run.interruptions + 1
        run.save(update_fields=["state", "interruptions"])
    record("ROLLOVER_RESUMED", f"Let rollover run {run.pk} go on", by=by)
    return run


def start_from_upload(*, by: User, state: State, name: str, file: BinaryIO, dry_run: bool = False) -> LoadRun:
    """As `start_rollover`; the file is kept only when it may be loaded, because it names children."""
    check_may_run(by)
    _check_none_under_way()
    with _told(), packages.opened(file) as package:
        reading.extracted_at(package, cutover_of(state).freeze)
        is_zip = isinstance(package, packages.Archive)
    file.seek(0)
    document = Document.objects.create(
        name=name[:200],
        content_type="application/zip" if is_zip else "text/plain",
        size=file.seek(0, 2),
        sha256=sha256_of(file),
        file=File(file, name=f"{DOCUMENT_KIND}.{'zip' if is_zip else 'dat'}"),
        owner_id=by.pk,
        kind=DOCUMENT_KIND,
    )
    return start_rollover(by=by, state=state, document=document, dry_run=dry_run)


def cutover_of(state: State) -> Cutover:
    """Of the calendar in force, else of the profile. Raises RuleBroken where neither names a freeze."""
    if planned := calendar_of(state):
        return Cutover(_wall_clock(planned.freeze_at, state))
    freeze = state_profile(Profile(state.profile)).freeze_at
    if freeze is None:
        raise RuleBroken(f"{state.name} has no legacy system to take over: its profile names no freeze.")
    return Cutover(freeze)


def cutover_in(run: LoadRun) -> Cutover:
    """The cut-over that the run was started for."""
    return Cutover(_wall_clock(run.freeze, run.of_state))


def _wall_clock(instant: datetime, state: State) -> datetime:
    return instant.astimezone(ZoneInfo(state.time_zone)).replace(tzinfo=None)


def sha256_of(file: BinaryIO) -> str:
    file.seek(0)
    digest = packages.sha256_of(file)
    file.seek(0)
    return digest


def opened(run: LoadRun) -> AbstractContextManager[Package]:
    """Raises ExtractRefused when the extract is not there any more."""
    return _opened(run.document, Path(run.path) if run.path else None)


def check_legacy_is_on(state: State) -> None:
    """After the go-live the legacy system stays off for good (RLO-17). Raises RuleBroken."""
    calendar = calendar_of(state)
    if calendar and calendar.is_live:
        raise RuleBroken("The system is live: nothing is loaded from the legacy system any more.")


def _check_is_the_latest(run: LoadRun) -> None:
    """What an earlier extract says would be written over what a later one has brought."""
    later = LoadRun.objects.that_load().filter(of_state=run.of_state, pk__gt=run.pk).first()
    if other := later or LoadRun.objects.unfinished().exclude(pk=run.pk).first():
        raise RuleBroken(f"Run {other.pk} has come since this one stopped. Start a new run instead.")


def _check_none_under_way() -> None:
    if other := LoadRun.objects.unfinished().first():
        raise RuleBroken(f"Run {other.pk} is under way. Wait for its end, then start again.")


def _new_run(
    by: User | None,
    state: State,
    document: Document | None,
    path: Path | None,
    cutover: Cutover,
    dry_run: bool,
) -> LoadRun:
    zone = ZoneInfo(state.time_zone)
    with _told(), _opened(document, path) as package:
        extracted_at, digest = reading.extracted_at(package, cutover.freeze), package.digest()
    if not dry_run:
        _check_as_checked(document, path, digest)
    name = document.name if document else path.name  # type: ignore[union-attr]
    title = "Check of legacy SER" if dry_run else "Rollover of legacy SER"
    job = jobs.open_job(KIND, title, owner_id=by and by.pk, phases=_phases(dry_run))
    with _the_only_one():
        run = LoadRun.objects.create(
            of_state=state, document=document, path=str(path or ""), file_name=name[:200], sha256=digest,
            extracted_at=extracted_at.replace(tzinfo=zone), freeze=cutover.freeze.replace(tzinfo=zone),
            cut=cutover.cut, dry_run=dry_run, started_by=by, job=job,
        )  # fmt: skip
    job.link = reverse("migration:run", args=[run.pk])
    job.save(update_fields=["link"])
    return run


@contextmanager
def _the_only_one() -> Iterator[None]:
    """Two who start at once both see no run under way; the database lets one of them."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        raise RuleBroken(
            "Another run was started a moment ago. Wait for its end, then start again."
        ) from twice


def _check_as_checked(document: Document | None, path: Path | None, digest: str) -> None:
    """What was checked last in this place is what is loaded."""
    there = {"document": document} if document else {"path": str(path)}
    last = LoadRun.objects.filter(**there).exclude(state=RunState.REFUSED).first()
    if last and last.dry_run and last.sha256 != digest:
        raise RuleBroken(f"{refusals.changed_since_check(last.pk)} (DQ-001)", "file")


def _phases(dry_run: bool) -> list[str]:
    return [phase.label for phase in (Phase.STAGE, Phase.CHECK)] if dry_run else PHASES


@contextmanager
def _told() -> Iterator[None]:
    """A refusal of the file as a sentence beside its field."""
    try:
        yield
    except ExtractRefused as refused:
        raise RuleBroken(f"{refused} ({refused.rule})", "file") from refused


@contextmanager
def _opened(document: Document | None, path: Path | None) -> Iterator[Package]:
    if document is not None:
        with document.file.open("rb") as file, packages.opened(file) as package:
            yield package
    elif path is not None:
        with packages.opened(path) as package:
            yield package
    else:
        raise ExtractRefused("DQ-001", refusals.gone())
