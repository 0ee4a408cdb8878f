"""The same run started twice, by whichever doors: one does the work, the other is told in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from migration.actions import start
from migration.actions.alone import LOCK
from migration.models import LoadRun, RunState
from migration.sample import write_sample
from organizations.models import State
from security.refusals import RuleBroken
from tests.migration.conftest import places
from tests.migration.conftest import start as started
from tests.migration.small import state_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    write_sample(tmp_path)
    return tmp_path / "legser.dat"


@pytest.fixture
def state(extract: Path) -> State:
    return places(extract.parent)


@contextmanager
def somebody_else_at_work() -> Iterator[None]:
    """A worker of its own session has the staging area."""
    where = settings.DATABASES["default"]
    session = {"host": where["HOST"], "port": where["PORT"], "user": where["USER"], "dbname": where["NAME"]}
    with psycopg.connect(**session) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield


def test_two_who_start_at_once_make_one_run(extract, state, monkeypatch):
    monkeypatch.setattr(
        start, "_check_none_under_way", lambda: None
    )  # each has looked before the other's start
    started(extract, state)
    with pytest.raises(RuleBroken, match="Another run was started a moment ago"):
        started(extract, state)
    assert LoadRun.objects.count() == 1


def test_a_second_browser_does_not_disturb_the_worker_of_the_first(extract, state, browse):
    run = started(extract, state)
    LoadRun.objects.update(state=RunState.RUNNING)
    with somebody_else_at_work():
        answer = browse(state_administrator()).post(reverse("migration:go_on", args=[run.pk]), follow=True)
    assert "A worker is at work on it" in answer.content.decode()
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_the_command_beside_the_page_is_told_of_the_run_under_way(extract, state):
    run = started(extract, state)
    with pytest.raises(CommandError, match=f"Run {run.pk} is under way"):
        call_command("rollover", "load", str(extract))


def test_a_run_that_reconciled_badly_is_over(extract, state, browse):
    run = started(extract, state)
    LoadRun.objects.update(state=RunState.BLOCKED, phase="OVER")
    answer = browse(state_administrator()).post(reverse("migration:go_on", args=[run.pk]), follow=True)
    assert "This run is over" in answer.content.decode()
