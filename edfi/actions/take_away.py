"""A list of the desk as a CSV file: with a reason, within scope, each child noted. A long one is a job."""

import tempfile
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from documents.actions import store
from edfi.access import check_may_take_away
from edfi.files import AT_A_TIME, Listing, to_take_from
from jobs.actions import advance, enqueue, finish, open_job, telling
from jobs.models import Job
from journal.actions import record
from security import scope
from security.models import User
from security.refusals import RuleBroken

SHORTEST_REASON = 5
KEPT = timedelta(days=7)
TASK = "edfi.tasks.write_file"


def is_long(*, by: User, listing: Listing, query: Mapping[str, str]) -> bool:
    """More lines than are handed out at once? Raises NotAllowed, RuleBroken above the cap."""
    check_may_take_away(by)
    with scope.narrowed(by, to_take_from(by)):
        return _count(by, listing, query) > settings.ESER_EXPORT_AT_ONCE


@transaction.atomic
def take_away(*, by: User, listing: Listing, query: Mapping[str, str], reason: str) -> str | Job:
    """The text of the file, or the job that writes it. Raises NotAllowed, RuleBroken.

    `query` filters the list as its page does. Of what the person sees, only places of their export right
    leave.
    """
    check_may_take_away(by)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise RuleBroken("Say what you need the file for.", "reason")
    with scope.narrowed(by, to_take_from(by)):
        return _taken(by, listing, query, reason)


def _taken(by: User, listing: Listing, query: Mapping[str, str], reason: str) -> str | Job:
    n = _count(by, listing, query)
    words = f"exported {listing.title}, {n:,} rows as CSV"
    record("EXPORTED", words, by=by, list=listing.slug, format="csv", rows=n, reason=reason)
    if n > settings.ESER_EXPORT_AT_ONCE:
        return _job(by, listing, query, reason, n)
    _note_children(by, listing, query, reason)
    return "".join(listing.written(listing.to_take(by, query)))


def write_for_job(job: Job, by: User, listing: Listing) -> None:
    """Runs again from the start when it was cut off. Raises NotAllowed where the right ended meanwhile."""
    check_may_take_away(by)
    query, last_day = job.params["query"], timezone.localdate() + KEPT
    with tempfile.NamedTemporaryFile(suffix=".csv") as target, telling(job) as tell:
        with scope.of(by), scope.narrowed(by, to_take_from(by)):
            _note_children(by, listing, query, job.params["reason"])
            for done, line in enumerate(listing.written(listing.to_take(by, query))):
                target.write(line.encode())
                if done and done % AT_A_TIME == 0:
                    tell(done=done)
        target.seek(0)
        kept = store(File(target, listing.file_name), "export", by.pk, keep_until=last_day)
    finish(job, f"The file is ready. It is kept until {last_day:%b} {last_day.day}.", result_id=kept.pk)


def _job(by: User, listing: Listing, query: Mapping[str, str], reason: str, n: int) -> Job:
    title = f"{listing.title[0].upper()}{listing.title[1:]} as CSV, {n:,} rows"
    job = open_job("EXPORT", title, owner_id=by.pk, slug=listing.slug, query=dict(query), reason=reason)
    advance(job, total=n)
    enqueue(job, TASK)
    return job


def _count(by: User, listing: Listing, query: Mapping[str, str]) -> int:
    cap = settings.ESER_EXPORT_CAP
    n = listing.to_take(by, query).order_by()[: cap + 1].count()
    if n > cap:
        raise RuleBroken(f"One file holds at most {cap:,} lines. Narrow the list with a filter first.")
    return n


def _note_children(by: User, listing: Listing, query: Mapping[str, str], reason: str) -> None:
    children = listing.to_take(by, query).order_by().values_list("student_id", flat=True)
    by.took_away(filter(None, children), f"CSV of {listing.title}", reason)
