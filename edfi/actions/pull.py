"""A district's ODS is read, and what it shows is handed to the feed as one file (docs/feeds.md).

Everything after it is the feed's: looked through row by row, held, loaded, taken back. A reading that fails
anywhere hands over nothing and leaves the copy of the last one as it was.
"""

import asyncio
import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from edfi.calling import client_of
from edfi.client import Client
from edfi.fetch import Fetched, Reading
from edfi.here import stands_here
from edfi.kept_copy import Records, keep_copy, keep_values
from edfi.models import DistrictOds, OdsPull, PullState
from edfi.patience import Patience
from edfi.rules.pulled import ASSOCIATIONS, PULLED, STUDENTS, Pulled, lines_of
from enrollment.access import check_may_feed
from enrollment.actions.feed import send_feed
from enrollment.actions.feed_pickup import check_is_still_here, tell_district, year_of_today
from enrollment.models import ED_FI, FeedLoad, FeedState
from enrollment.rules.feed import Does, columns
from jobs.actions import enqueue, open_job
from journal.actions import record
from organizations.models import District, SchoolYear
from security import scope
from security.models import User
from security.refusals import NotAllowed, RuleBroken, Unreachable

log = structlog.get_logger("eser.edfi")
WHOLE_EVERY = timedelta(days=7)  # what a server forgot to tell as changed is found then
WHAT_IS_READ = ("base_url", "key", "number", "seen_versions")
STANDS = (FeedState.CHECKING, FeedState.CHECKED, FeedState.HELD, FeedState.LOADED)
Told = Callable[..., None]


def silent(**_: object) -> None:
    """Nobody watches."""


@transaction.atomic
def ask_for_pull(
    *, by: User, district: District, year: SchoolYear, whole: bool = False, nightly: bool = False
) -> OdsPull:
    """Begin a reading, of everything or of what changed since the last. Raises NotAllowed, RuleBroken."""
    check_may_feed(by, district)
    ods = DistrictOds.objects.select_for_update().filter(district=district).first()
    if ods is None:
        raise RuleBroken("The ODS is not set up yet: enter its address, key and secret first.")
    if ods.pulls.filter(state=PullState.READING).exists():
        raise RuleBroken("The ODS is being read already. Wait until that reading is over.")
    pull = OdsPull.objects.create(ods=ods, school_year=year, by_id=by.pk, whole=whole, nightly=nightly)
    phases = ["Read the ODS", "Hand it to the feed"]
    job = open_job("ODS_PULL", f"Read the ODS of {district}", owner_id=by.pk, phases=phases, pull=pull.pk)
    pull.job_id = job.pk
    pull.save(update_fields=["job_id"])
    enqueue(job, "edfi.tasks.read_ods")
    words = f"has the ODS read for {year}"
    record("EDFI_ODS_READ", words, by=by, district_id=district.pk, pull=pull.pk)
    return pull


def ask_every_night() -> int:
    """Every ODS that is read by night; returns how many readings were begun."""
    with scope.system():
        wanted = list(DistrictOds.objects.filter(by_id__isnull=False).select_related("district__state"))
    return sum(_ask_by_night(ods) for ods in wanted)


def _ask_by_night(ods: DistrictOds) -> bool:
    by = User.objects.get(pk=ods.by_id)
    try:
        with scope.of(by):
            check_is_still_here(by)
            year = year_of_today(ods.district)
            ask_for_pull(by=by, district=ods.district, year=year, nightly=True)
    except (NotAllowed, RuleBroken) as refusal:
        words = f"The ODS was not read tonight: {refusal}"
        tell_district(ods.district, words, key=f"ods-{ods.pk}-{timezone.localdate()}")
        return False
    return True


def carry_out(pull: OdsPull, tell: Told = silent, patience: Patience | None = None) -> OdsPull:
    """Read, keep the copy, and hand the lines over. A reading that broke off leaves all as it was.

    May be called twice: what is read is read.
    """
    if pull.state != PullState.READING:
        return pull
    tell(phase="Read the ODS")
    try:
        year = pull.school_year.last_day.year
        fetched = asyncio.run(_read(client_of(pull.ods, patience), year, _since(pull, year), tell))
    except Unreachable as trouble:
        return fail(pull, str(trouble))
    tell(phase="Hand it to the feed")
    with scope.system():
        if not _is_as_it_was(pull.ods):
            return fail(pull, "The settings were changed while the ODS was read. Read it again.")
        records, pulled = _take_in(pull, fetched)
        try:
            with transaction.atomic():
                return _hand_over(pull, records, pulled)
        except (RuleBroken, NotAllowed) as refusal:
            return fail(pull, str(refusal))


def fail(pull: OdsPull, why: str) -> OdsPull:
    """Nothing was handed over. By night the people of the district are told."""
    pull.state, pull.why, pull.ended_at = PullState.FAILED, why[:400], timezone.now()
    pull.save()
    log.warning("an ODS was not read", connection_id=pull.ods_id)
    if pull.nightly:
        words = f"The ODS could not be read tonight. {why}"
        address = pull.get_absolute_url()
        tell_district(pull.ods.district, words, key=f"ods-pull-{pull.pk}", address=address)
    return pull


async def _read(client: Client, year: int, since: int | None, tell: Told) -> Fetched:
    async with client:
        return await Reading(client, year, tell).all(since)


def _since(pull: OdsPull, year: int) -> int | None:
    """How far the copy goes; None where everything is to be read."""
    read_at = pull.ods.read_whole_at.get(str(year))
    if pull.whole or not read_at or datetime.fromisoformat(read_at) < timezone.now() - WHOLE_EVERY:
        return None
    return pull.ods.seen_versions.get(str(year))


def _is_as_it_was(ods: DistrictOds) -> bool:
    """Nobody has pointed it elsewhere or removed its copy; nobody does until this transaction ends."""
    now = DistrictOds.objects.select_for_update().get(pk=ods.pk)
    return all(getattr(now, name) == getattr(ods, name) for name in WHAT_IS_READ)


def _take_in(pull: OdsPull, fetched: Fetched) -> tuple[Records, Pulled]:
    """The copy, the values that were seen, and the lines."""
    records = keep_copy(pull, fetched)
    here = stands_here(pull.ods, pull.school_year, records[STUDENTS])
    pulled = lines_of(*(records[name] for name in PULLED), here)
    keep_values(pull.ods, pulled)
    pull.whole, pull.counts = fetched.whole, _counts(fetched, records, pulled)
    pull.digest = hashlib.sha256(json.dumps(pulled.lines).encode()).hexdigest()
    return records, pulled


def _hand_over(pull: OdsPull, records: Records, pulled: Pulled) -> OdsPull:
    """Raises NotAllowed, RuleBroken."""
    if why := _why_not_hand_over(records, pulled):
        raise RuleBroken(why)
    if earlier := _handed_before(pull):
        return _end(pull, PullState.SAME, earlier, "It shows what it showed at the last reading.")
    by = User.objects.get(pk=pull.by_id)
    with scope.of(by):
        check_is_still_here(by)
        load = send_feed(
            by=by, district=pull.ods.district, year=pull.school_year, file=_file(pull, pulled),
            picked_up=pull.nightly, layout=ED_FI,
        )  # fmt: skip
    return _end(pull, PullState.HANDED, load, _unclear(pulled))


def _end(pull: OdsPull, state: PullState, load: FeedLoad, why: str) -> OdsPull:
    pull.state, pull.load, pull.why, pull.ended_at = state, load, why, timezone.now()
    pull.save()
    return pull


def _unclear(pulled: Pulled) -> str:
    if not pulled.unclear:
        return ""
    some = "1 enrollment has" if pulled.unclear == 1 else f"{pulled.unclear:,} enrollments have"
    return f"{some} a value that means nothing here yet. The feed refuses them until somebody says what."


def _file(pull: OdsPull, pulled: Pulled) -> ContentFile:
    """In the feed's own layout. A column that it does not know tells two readings apart: the same lines may
    be right again after others."""
    text = io.StringIO()
    writer = csv.DictWriter(text, (*columns(), "reading"), restval="")
    writer.writeheader()
    writer.writerows({**line, "reading": pull.pk} for line in pulled.lines)
    return ContentFile(text.getvalue().encode(), name=f"ed-fi-{timezone.localdate().isoformat()}.csv")


def _counts(fetched: Fetched, records: Records, pulled: Pulled) -> dict[str, object]:
    return {
        **{resource: len(rows) for resource, rows in records.items()},
        "changes": fetched.changes,
        "lines": len(pulled.lines),
        "unclear": pulled.unclear,
        "other_years": pulled.other_years,
        "other_districts": pulled.other_districts,
        "strange_schools": dict(pulled.strange_schools.most_common(10)),
    }


def _why_not_hand_over(records: Records, pulled: Pulled) -> str | None:
    if not pulled.lines:
        return (
            f"The ODS shows this key {len(records[ASSOCIATIONS]):,} enrollments, and none of this school year"
            " at this district's schools. Is it the right key, and the right school year?"
        )
    if not records[STUDENTS]:
        return "The ODS shows this key enrollments and no student: it may not see the students themselves."
    if pulled.unclear == len(pulled.lines):
        return "Every enrollment has a value that means nothing here yet. Say what each means and read again."
    return None


def _handed_before(pull: OdsPull) -> FeedLoad | None:
    """The feed of the last reading, if it holds these very lines and nothing is left to do for it.

    Rows that were refused are tried every time: what stood in their way may be gone. What a person took back
    or refused is not loaded again by night.
    """
    handed = pull.ods.pulls.filter(school_year=pull.school_year, load__isnull=False)
    last = handed.select_related("load").first()
    if last is None or last.digest != pull.digest or last.load is None:
        return None
    if last.load.state not in STANDS:
        return last.load if pull.nightly else None
    return None if last.load.counts.get(Does.REFUSED) else last.load
