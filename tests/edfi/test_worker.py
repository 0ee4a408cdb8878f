"""A real Celery worker over a real database: what it sends, and what is left when it is killed."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from edfi.actions import resync
from edfi.models import DirtyStudent, Resync, ResyncState
from edfi.rules.records import SSEPEA
from edfi.tasks import resync as resync_task
from edfi.tasks import send_to
from jobs.models import Job
from security import scope
from security.rules.roles import Role
from tests import factories
from tests.standin.ods import Ods
from tests.workers import worker_of

from .conftest import World, build_world

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def world(own_database: str, ods: Ods) -> World:
    """The usual world in a database of its own, where commits are real."""
    return build_world(ods)


def wake(world: World, queue: str) -> None:
    send_to.apply_async([world.connection.pk], queue=queue)


def wait_until(true: Callable[[], bool]) -> bool:
    """Looks until it is so; a minute is enough on the slowest machine."""
    end = time.monotonic() + 60
    while not true() and time.monotonic() < end:
        time.sleep(0.1)
    return true()


def marks() -> int:
    with scope.elevated():
        return DirtyStudent.objects.count()


def some_children(world: World, count: int) -> None:
    for number in range(count):
        child = world.child(f"70000{number}")
        world.enroll(child)
        world.evaluate(child)


@pytest.mark.rule("EDFI-R3")
@pytest.mark.rule("EDFI-R20")
def test_a_worker_sends_what_is_locked_and_deletes_what_is_unlocked(world: World, own_database: str) -> None:
    child = world.child()
    world.enroll(child)
    evaluation = world.evaluate(child)
    with worker_of(own_database):
        wake(world, own_database)
        arrived = wait_until(lambda: len(world.at_state()) == 1 and not marks())
        world.unlock(evaluation)
        wake(world, own_database)
        gone = wait_until(lambda: not world.at_state() and not marks())

    assert (arrived, gone) == (True, True)


@pytest.mark.parametrize("answered", [False, True], ids=["before the work", "before the answer"])
@pytest.mark.rule("EDFI-D4")
@pytest.mark.rule("EDFI-D5")
@pytest.mark.rule("EDFI-B3")
def test_a_killed_sender_loses_nothing_and_doubles_nothing(
    world: World, own_database: str, answered: bool
) -> None:
    some_children(world, 5)
    held = world.ods.hold_next(after=answered, resource=SSEPEA)
    with worker_of(own_database) as worker:
        wake(world, own_database)
        in_the_middle = held.arrived.wait(60)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    held.release.set()
    left = marks()
    with worker_of(own_database):
        wake(world, own_database)
        finished = wait_until(lambda: not marks())

    assert (in_the_middle, left, finished) == (True, 5, True)
    students = [record["studentReference"]["studentUniqueId"] for record in world.at_state()]
    assert sorted(students) == [f"70000{number}" for number in range(5)]
    assert all(identity.acknowledged_at and identity.ods_id for identity in world.identities())
    assert len(world.identities()) == 5
    assert len(world.ods.tokens) == 1


def test_two_workers_do_not_disturb_each_other(world: World, own_database: str) -> None:
    some_children(world, 3)
    held = world.ods.hold_next(resource=SSEPEA)
    with worker_of(own_database):
        wake(world, own_database)
        held.arrived.wait(60)
        compared_by_second = world.send()
        held.release.set()
        finished = wait_until(lambda: not marks())

    assert (compared_by_second, finished) == (0, True)
    assert len(world.ods.writes(SSEPEA)) == 3


def test_a_killed_resync_goes_on_where_it_was(world: World, own_database: str) -> None:
    some_children(world, 3)
    world.send()
    world.ods.lose(SSEPEA)
    with scope.elevated():
        by = factories.UserFactory(role=Role.SEA_ADMINISTRATOR)
    found = resync.carry_out(resync.ask_for_resync(by=by, connection=world.connection))
    found = resync.send_differences(by=by, resync=found)
    held = world.ods.hold_next(after=True, method="POST", resource=SSEPEA)
    with worker_of(own_database) as worker:
        resync_task.apply_async([found.job_id], queue=own_database)
        in_the_middle = held.arrived.wait(60)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    held.release.set()
    with worker_of(own_database):
        resync_task.apply_async([found.job_id], queue=own_database)
        finished = wait_until(lambda: Job.objects.get(pk=found.job_id).is_over)

    assert (in_the_middle, finished) == (True, True)
    assert Resync.objects.get(pk=found.pk).state == ResyncState.DONE
    assert (len(world.at_state()), len(world.identities())) == (3, 3)
