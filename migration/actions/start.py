"""Starting a run from an uploaded or transferred extract, and going on with an interrupted one."""

import hashlib
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse

from documents.models import Document
from jobs import actions as jobs
from journal.actions import record
from migration.access import check_may_run
from migration.extract import Extract, ExtractRefused
from migration.models import LoadRun, Phase, RunState
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
    *, by: User | None, state: State, document: Document | None = None, path: Path | None = None
) -> LoadRun:
    """A run that waits for a worker; its header is already read. `by` is None for the command line.

    Raises RuleBroken when the file is no extract of this state's cut-over or another run is under way.
    """
    if by is not None:
        check_may_run(by)
    _check_none_under_way()
    run = _new_run(by, state, document, path)
    record("ROLLOVER_STARTED", f"Started rollover run {run.pk}", by=by)
    return run


@transaction.atomic
def resume_rollover(*, by: User, run: LoadRun) -> LoadRun:
    """Lets an interrupted run go on where it stopped. Raises RuleBroken when it is over."""
    check_may_run(by)
    if run.state in (RunState.DONE, RunState.REFUSED):
        raise RuleBroken("This run is over. Start a new run instead.")
    run.state = RunState.WAITING
    run.save(update_fields=["state"])
    record("ROLLOVER_RESUMED", f"Let rollover run {run.pk} go on", by=by)
    return run


def start_from_upload(*, by: User, state: State, name: str, file: BinaryIO) -> LoadRun:
    """As `start_rollover`; the file is kept only when it may be loaded, because it names children."""
    check_may_run(by)
    _check_none_under_way()
    _extracted_at(file, cutover_of(state))
    document = Document.objects.create(
        name=name[:200],
        content_type="text/plain",
        size=file.seek(0, 2),
        sha256=sha256_of(file),
        file=File(file, name=f"{DOCUMENT_KIND}.dat"),
        owner_id=by.pk,
        kind=DOCUMENT_KIND,
    )
    return start_rollover(by=by, state=state, document=document)


def cutover_of(state: State) -> Cutover:
    """Raises RuleBroken for a state without a legacy system."""
    freeze = state_profile(Profile(state.profile)).freeze_at
    if freeze is None:
        raise RuleBroken(f"{state.name} has no legacy system to take over: its profile names no freeze.")
    return Cutover(freeze)


def sha256_of(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def _check_none_under_way() -> None:
    if other := LoadRun.objects.unfinished().first():
        raise RuleBroken(f"Run {other.pk} is under way. Wait for its end, then start again.")


def _new_run(by: User | None, state: State, document: Document | None, path: Path | None) -> LoadRun:
    cutover, zone = cutover_of(state), ZoneInfo(state.time_zone)
    with _opened(document, path) as file:
        extracted_at, digest = _extracted_at(file, cutover), sha256_of(file)
    name = document.name if document else path.name  # type: ignore[union-attr]
    job = jobs.open_job(KIND, "Rollover of legacy SER", owner_id=by and by.pk, phases=PHASES)
    run = LoadRun.objects.create(
        of_state=state, document=document, path=str(path or ""), file_name=name[:200], sha256=digest,
        extracted_at=extracted_at.replace(tzinfo=zone), freeze=cutover.freeze.replace(tzinfo=zone),
        cut=cutover.cut, started_by=by, job=job,
    )  # fmt: skip
    job.link = reverse("migration:run", args=[run.pk])
    job.save(update_fields=["link"])
    return run


def _extracted_at(file: BinaryIO, cutover: Cutover) -> datetime:
    extract = Extract(file, cutover.freeze)
    try:
        extract.read_header()
    except ExtractRefused as refused:
        raise RuleBroken(f"{refused} ({refused.rule})", "file") from refused
    assert extract.extracted_at
    return extract.extracted_at


def opened(run: LoadRun) -> AbstractContextManager[BinaryIO]:
    return _opened(run.document, Path(run.path) if run.path else None)


def _opened(document: Document | None, path: Path | None) -> AbstractContextManager[BinaryIO]:
    if document is not None:
        return document.file.open("rb")
    if path is None or not path.is_file():
        raise RuleBroken("The extract is not there any more. Transfer it again.", "file")
    return path.open("rb")
