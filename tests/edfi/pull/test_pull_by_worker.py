"""A real Celery worker reads an ODS by night: up to the loaded feed, though one was killed at it."""

import os
import signal

import pytest

from edfi.actions.ods import read_nightly
from edfi.tasks import read_every_night, read_ods
from enrollment.models import FeedLoad
from jobs.models import Job
from security import scope
from security.models import Notice
from tests.edfi.test_worker import wait_until
from tests.standin.ods import Ods
from tests.standin.resources import SSA
from tests.workers import worker_of

from .conftest import World, build_world


@pytest.fixture
def world(own_database: str, ods: Ods, settings) -> World:
    """The usual world in a database of its own, where commits are real."""
    settings.ESER_EDFI_UNENCRYPTED, settings.CELERY_TASK_DEFAULT_QUEUE = True, own_database
    world = build_world(ods)
    world.means()
    world.shows("4100000001")
    return world


def test_by_night_it_is_read_again_when_the_reader_was_killed_and_loaded_and_told(
    world: World, own_database: str
) -> None:
    read_nightly(by=world.manager, district=world.district)
    read_every_night()
    held = world.ods.hold_next(after=True, resource=SSA)
    with worker_of(own_database) as worker:
        in_the_middle = held.arrived.wait(60)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    held.release.set()
    left, job = loads(), Job.objects.get()
    with worker_of(own_database):
        read_ods.apply_async([job.pk], queue=own_database)
        told = wait_until(lambda: Notice.objects.exists())

    assert (in_the_middle, left, told) == (True, 0, True)
    job.refresh_from_db()
    assert (job.sentence, job.done, job.total) == ("The ODS is read: handed to the feed.", 3, 3)
    assert "is loaded: 1 new, 0 exits, 0 rows refused." in Notice.objects.get().words
    assert world.enrollments() == [("4100000001", "1880", "")]


def loads() -> int:
    with scope.elevated():
        return FeedLoad.objects.count()
