"""Feeds that a district's own system leaves in a folder, taken up every night (docs/feeds.md)."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from enrollment.access import check_may_feed
from enrollment.actions.feed import send_feed, start_loading
from enrollment.models import FeedFolder, FeedLoad, FeedState
from enrollment.rules.feed import Does
from journal.actions import record
from organizations.models import District, SchoolYear
from security import scope
from security.actions import notices
from security.models import User
from security.queries.people import people_with
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission

log = structlog.get_logger(__name__)
LOCKS = 0x0FEE
SETTLED = 60  # seconds since it was written: a file that still grows waits for the next night
ENDINGS = (".csv", ".zip")
DONE, NOT_TAKEN = "done", "refused"


def folder_of(district: District) -> Path:
    return settings.ESER_FEEDS / _plain(district.state.code) / _plain(district.code)


@transaction.atomic
def take_up_nightly(*, by: User, district: District) -> FeedFolder:
    """From now on the files are loaded every night, in this person's name. Raises NotAllowed."""
    check_may_feed(by, district)
    folder, _ = FeedFolder.objects.update_or_create(
        district=district, defaults={"by_id": by.pk, "since": timezone.now()}
    )
    record("FEED", "has feeds taken up from the folder every night", by=by, district_id=district.pk)
    return folder


@transaction.atomic
def leave_alone(*, by: User, district: District) -> None:
    """Files stay where they are. Raises NotAllowed."""
    check_may_feed(by, district)
    FeedFolder.objects.filter(district=district).delete()
    record("FEED", "no longer has feeds taken up from the folder", by=by, district_id=district.pk)


def pick_up_all() -> int:
    """The files of every district that wants it; returns how many were sent to be looked through."""
    with scope.system():
        folders = list(FeedFolder.objects.select_related("district__state"))
    return sum(len(_or_tell(folder)) for folder in folders)


def _or_tell(folder: FeedFolder) -> list[FeedLoad]:
    """A folder that cannot be read keeps nobody else's files waiting."""
    try:
        return pick_up(folder)
    except OSError as trouble:
        log.warning("feed_folder", district=folder.district_id, trouble=type(trouble).__name__)
        words = "The files in the folder for feeds could not be read or moved. Tell whoever runs the system."
        tell_district(folder.district, words, key=f"feed-folder-{folder.pk}-{timezone.localdate()}")
        return []


def pick_up(folder: FeedFolder) -> list[FeedLoad]:
    """Sends each file as that person would, and moves it to `done` with the number of its load."""
    with _only_one(folder.district) as mine:
        paths = waiting(folder.district) if mine else []
        return [load for path in paths if (load := _send(folder, path))]


def waiting(district: District) -> list[Path]:
    """Whole files, the oldest first."""
    try:
        found = [path for path in folder_of(district).iterdir() if path.suffix.lower() in ENDINGS]
    except OSError:  # nobody has made the folder yet
        return []
    whole = [path for path in found if path.is_file() and not path.is_symlink() and _has_settled(path)]
    return sorted(whole, key=lambda path: (path.stat().st_mtime, path.name))


def follow(load: FeedLoad) -> None:
    """After a feed of the night was looked through or loaded: load it, or tell the people of the district."""
    if not load.picked_up:
        return
    if load.state == FeedState.CHECKED:
        by = User.objects.get(pk=load.by_id)
        with scope.of(by):
            start_loading(by=by, load=load)
    elif load.state in SAID:
        tell_people(load, SAID[FeedState(load.state)](load))


SAID = {
    FeedState.HELD: lambda load: f"is held for a person to decide. {load.why}",
    FeedState.REFUSED: lambda load: f"is refused. {load.why}",
    FeedState.LOADED: lambda load: (
        f"is loaded: {load.counts[Does.NEW]:,} new, {load.counts[Does.EXIT]:,} exits,"
        f" {load.counts[Does.REFUSED]:,} rows refused."
    ),
}


def tell_people(load: FeedLoad, words: str) -> None:
    tell_district(
        load.district, f"The feed of the night {words}", key=f"feed-{load.pk}-{load.state}",
        address=reverse("enrollment:feed", args=[load.pk]),
    )  # fmt: skip


def _send(folder: FeedFolder, path: Path) -> FeedLoad | None:
    district, by = folder.district, User.objects.get(pk=folder.by_id)
    try:
        with scope.of(by), path.open("rb") as file:
            check_is_still_here(by)
            named = File(file, name=path.name)
            load = send_feed(
                by=by, district=district, year=year_of_today(district), file=named, picked_up=True
            )
    except NotAllowed as refusal:  # the file waits for somebody who may
        tell_district(
            district, f"Feeds wait in the folder: {refusal}", key=f"feed-folder-{folder.pk}-{by.pk}"
        )
        return None
    except RuleBroken as refusal:
        mark = f"{timezone.now():%Y%m%d-%H%M%S-%f}"
        _move(path, NOT_TAKEN, mark)
        words = f"A file of the folder was not taken: {refusal}"
        tell_district(district, words, key=f"feed-file-{folder.pk}-{mark}")
        return None
    _move(path, DONE, str(load.pk))
    return load


def check_is_still_here(by: User) -> None:
    if not by.is_active:
        raise NotAllowed("the person in whose name they were loaded has left. Have them loaded in yours.")


def year_of_today(district: District) -> SchoolYear:
    """Raises RuleBroken where the state has not set it up."""
    today = timezone.localdate()
    rows = SchoolYear.objects.filter(state=district.state, first_day__lte=today, last_day__gte=today)
    if (year := rows.first()) is None:
        raise RuleBroken("This school year is not set up yet.")
    return year


def _move(path: Path, into: str, mark: str) -> None:
    target = path.parent / into
    target.mkdir(exist_ok=True)
    path.rename(target / f"{mark}-{path.name}")


def tell_district(district: District, words: str, *, key: str, address: str = "") -> None:
    """The people who enter and exit students of the whole district; once for a key."""
    people = people_with(Permission.ENTER_EXIT, district)
    notices.tell(people, words[:300], key=key[:100], address=address or reverse("enrollment:feeds"))


def _plain(code: str) -> str:
    """The code as a name of a folder that leads nowhere else."""
    return re.sub(r"[^0-9A-Za-z_-]", "_", code)


def _has_settled(path: Path) -> bool:
    return time.time() - path.stat().st_mtime >= SETTLED


@contextmanager
def _only_one(district: District) -> Iterator[bool]:
    """One at a time for a district; a killed worker's lock goes with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, district.pk])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, district.pk])
