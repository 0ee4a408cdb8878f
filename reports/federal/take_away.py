"""Taking a federal file away: asked for with a reason, written from frozen counts, noted in the journal."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from documents.actions import store
from jobs import actions as jobs
from jobs.models import Job
from journal.actions import record
from organizations.models import District
from reports.actions import KEPT, KIND
from reports.federal import access
from reports.federal.files import identifier, write
from reports.models import Kind, Snapshot, SnapshotState
from reports.rules.federal.child import EXITS
from reports.rules.federal.records import FileOf, Form
from reports.rules.federal.rows import Level
from reports.rules.federal.tables import file_of, state_id, submission_year
from security import scope
from security.models import User
from security.refusals import NotAllowed, RuleBroken

TASK = "reports.tasks.write_federal_file"
NOBODY = "No district has certified its count of that day yet: there is nothing to write."
Choice = tuple[str, Level]


@dataclass(frozen=True)
class Wish:
    """A file of these counts, in this form, for a reason; of one district, or of the whole state."""

    snapshots: Sequence[Snapshot]
    spec: str
    level: Level
    form: Form
    reason: str
    district: District | None = None

    @property
    def file(self) -> FileOf:
        first = self.snapshots[0]
        return FileOf(self.spec, self.level, state_id(first.district.state.profile), first.day, self.form)


def choices(kind: str, day: date, of_state: bool) -> list[Choice]:
    """Specification and level of each file that can be made of such counts."""
    specs, year = ([EXITS] if kind == Kind.EXITS else ["FS002", "FS089"]), submission_year(day)
    return [
        (spec, Level(level))
        for spec in specs
        for level in file_of(spec, year).levels
        if of_state or level != Level.STATE
    ]


def certified_of(day: date, kind: str) -> list[Snapshot]:
    """What the districts have certified of a day; one that is reopened has not."""
    rows = Snapshot.objects.filter(day=day, kind=kind, state=SnapshotState.CERTIFIED)
    return list(rows.select_related("district__state").order_by("district_id"))


def check(by: User, wish: Wish) -> None:
    if sentence := access.why_not_export(by, wish.district):
        raise NotAllowed(sentence)


@transaction.atomic
def now(*, by: User, wish: Wish) -> BinaryIO:
    """The finished file, at its beginning; removed when it is closed. Raises NotAllowed."""
    check(by, wish)
    target = tempfile.TemporaryFile()  # noqa: SIM115
    n = write(target, wish.snapshots, wish.file, identifier(wish.file, timezone.localdate()))
    _note(by, wish, n)
    target.seek(0)
    return target


@transaction.atomic
def later(*, by: User, wish: Wish) -> Job:
    """A file of the whole state is written in the background. Raises NotAllowed, RuleBroken."""
    check(by, wish)
    if not wish.snapshots:
        raise RuleBroken(NOBODY)
    first = wish.snapshots[0]
    params = {
        "counted": first.kind, "day": first.day.isoformat(), "spec": wish.spec, "reason": wish.reason,
        "level": wish.level.value, "form": wish.form.value,
    }  # fmt: skip
    title = f"{wish.spec} {wish.level} of {len(wish.snapshots):,} districts"
    job = jobs.open_job("EXPORT", title, owner_id=by.pk, **params)
    jobs.enqueue(job, TASK)
    return job


def write_for_job(job: Job, by: User) -> None:
    """The counts are read again: what was certified or reopened in the meantime counts.

    Raises jobs.actions.Stopped when its owner stopped it: then nothing of it is left.
    """
    asked = job.params
    with scope.of(by), tempfile.TemporaryFile() as target, jobs.telling(job) as tell:
        snapshots = certified_of(date.fromisoformat(asked["day"]), asked["counted"])
        if not snapshots:
            jobs.fail(job, NOBODY)
            return
        wish = Wish(snapshots, asked["spec"], Level(asked["level"]), Form(asked["form"]), asked["reason"])
        check(by, wish)
        today = timezone.localdate()
        n = write(target, snapshots, wish.file, identifier(wish.file, today), lambda n: tell(done=n))
        jobs.check_not_stopped(job)
        _note(by, wish, n)
        kept = store(File(target, wish.file.name), KIND, by.pk, keep_until=today + KEPT)
    jobs.finish(job, f"The file is ready: {n:,} records of {len(snapshots):,} districts.", result_id=kept.pk)


def _note(by: User, wish: Wish, n: int) -> None:
    words = f"took away {wish.spec} at the level {wish.level}, {n:,} records"
    record(
        "FEDERAL_FILE", words, by=by, district_id=wish.district.pk if wish.district else None,
        file=wish.file.name, format=wish.form.value, reason=wish.reason,
        snapshots=[snapshot.pk for snapshot in wish.snapshots],
    )  # fmt: skip
