"""Jobs: mine only, honest about silence, and told of when they end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from celery import Celery
from django.utils import timezone

from eser.celery import app as eser
from jobs import actions, rules
from jobs.models import Job, JobState
from jobs.news import ended_since_seen
from jobs.rules import Progress
from security.rules.roles import Role
from tests import factories as make

NOW = timezone.now()


def ago(**span):
    return NOW - timedelta(**span)


def running(done=0, total=0, started=None, heard=None, state="RUNNING") -> Progress:
    return Progress(state, done, total, started, heard)


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (running(500, 1_000, ago(minutes=6), ago(seconds=1)), "about 6 minutes left"),
        (running(900, 1_000, ago(minutes=9), ago(seconds=1)), "about 1 minute left"),
        (running(999, 1_000, ago(minutes=1), ago(seconds=1)), "less than a minute left"),
        (running(0, 1_000, ago(minutes=6), ago(seconds=1)), ""),
        (running(500, 0, ago(minutes=6), ago(seconds=1)), ""),
        (running(500, 1_000, ago(minutes=6), ago(minutes=3)), ""),
        (running(500, 1_000, ago(minutes=6), ago(seconds=1), "DONE"), ""),
        (running(500, 1_000, None, None, "WAITING"), ""),
    ],
)
def test_time_left_is_said_only_when_it_can_be_told(job, words):
    assert rules.time_left(job, NOW) == words


@pytest.mark.parametrize(
    ("state", "heard", "silent"),
    [
        ("RUNNING", ago(minutes=3), True),
        ("RUNNING", ago(minutes=1), False),
        ("RUNNING", None, False),
        ("DONE", ago(hours=1), False),
        ("WAITING", ago(hours=1), False),
    ],
)
def test_a_running_job_is_silent_after_two_minutes(state, heard, silent):
    assert rules.is_silent(running(state=state, heard=heard), NOW) is silent


@pytest.mark.parametrize(
    ("now_in", "state", "states"),
    [
        ("", "WAITING", ["todo", "todo", "todo"]),
        ("check", "RUNNING", ["done", "now", "todo"]),
        ("check", "FAILED", ["done", "now", "todo"]),
        ("check", "DONE", ["done", "done", "done"]),
        ("other", "RUNNING", ["todo", "todo", "todo"]),
    ],
)
def test_phases_before_the_present_one_are_done(now_in, state, states):
    told = rules.phase_states(["read", "check", "load"], now_in, state)
    assert [how for _, how in told] == states


@pytest.fixture
def me(db):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=make.DistrictFactory())


def test_only_the_owner_sees_a_job(me, browse):
    job = actions.open_job("EXPORT", "Students as CSV", owner_id=me.pk)
    other = make.UserFactory(role=Role.DATA_MANAGER, role__district=make.DistrictFactory())
    assert "Students as CSV" in browse(me).get("/jobs/").content.decode()
    assert "Students as CSV" not in browse(other).get("/jobs/").content.decode()
    assert browse(me).get(f"/jobs/{job.pk}/").status_code == 200
    assert browse(other).get(f"/jobs/{job.pk}/").status_code == 404


@pytest.mark.parametrize(("role", "sees"), [(Role.SEA_ADMINISTRATOR, True), (Role.READER, False)])
def test_a_role_that_looks_after_the_states_jobs_sees_all(role, sees, me, browse):
    job = actions.open_job("ROLLOVER", "Rollover", owner_id=me.pk)
    answer = browse(make.UserFactory(role=role)).get(f"/jobs/{job.pk}/")
    assert (answer.status_code == 200) is sees


def test_the_file_is_offered_to_its_owner_only(me, browse):
    job = actions.open_job("EXPORT", "Students as CSV", owner_id=me.pk)
    actions.finish(job, "The file is ready.", result_id=77)
    state_role = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    assert "/documents/77/" in browse(me).get(f"/jobs/{job.pk}/").content.decode()
    assert "/documents/77/" not in browse(state_role).get(f"/jobs/{job.pk}/").content.decode()


@pytest.mark.parametrize(
    ("state", "polls"), [("WAITING", True), ("RUNNING", True), ("DONE", False), ("FAILED", False)]
)
def test_the_page_renews_itself_only_while_the_job_runs(state, polls, me, browse):
    job = actions.open_job("EXPORT", "Students as CSV", owner_id=me.pk)
    Job.objects.filter(pk=job.pk).update(state=state, heard_at=timezone.now())
    part = browse(me).get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert ('data-hx-trigger="every 2s"' in part) is polls
    assert "<html" not in part


def test_a_job_whose_worker_died_says_so(me, browse):
    job = actions.begin(actions.open_job("EXPORT", "Students as CSV", owner_id=me.pk))
    Job.objects.filter(pk=job.pk).update(heard_at=timezone.now() - timedelta(minutes=5))
    page = browse(me).get(f"/jobs/{job.pk}/").content.decode()
    assert "Not heard from since" in page
    assert "tried again" in page


def test_a_job_that_ended_is_news_until_the_list_is_opened(me, browse):
    client = browse(me)
    actions.finish(actions.open_job("EXPORT", "Students as CSV", owner_id=me.pk), "Ready.")
    assert "ended since you looked" in client.get("/account/").content.decode()
    client.get("/jobs/")
    assert ended_since_seen(me.pk, client.session) == 0
    assert "ended since you looked" not in client.get("/account/").content.decode()


AWAY = "redis://127.0.0.1:1/0"
HERE = "memory://"


@contextmanager
def queue(address: str) -> Iterator[None]:
    Celery("other", broker=address).set_current()
    try:
        yield
    finally:
        eser.set_current()


@pytest.fixture
def waiting(me, django_capture_on_commit_callbacks):
    """A job that could not be handed over, because the queue was away."""
    job = actions.open_job("EXPORT", "Students as CSV", owner_id=me.pk)
    with queue(AWAY), django_capture_on_commit_callbacks(execute=True):
        actions.enqueue(job, "reports.tasks.write_export")
    return job


def test_a_job_waits_while_the_queue_is_away_and_says_so(waiting, me, browse):
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sent_at) == (JobState.WAITING, None)
    page = browse(me).get(f"/jobs/{waiting.pk}/").content.decode()
    assert "begins by itself when the queue is back" in page


def test_a_job_that_waited_is_handed_over_once_when_the_queue_is_back(waiting):
    with queue(AWAY):
        assert actions.send_forgotten() == 1
    with queue(HERE):
        assert actions.send_forgotten() == 1
        assert actions.send_forgotten() == 0


@pytest.mark.parametrize(
    ("job", "forgotten"),
    [
        ({"sent_at": None}, True),
        ({"sent_at": ago(minutes=30)}, False),
        ({"sent_at": ago(minutes=61)}, True),
        ({"sent_at": None, "task": ""}, False),
        ({"state": "RUNNING", "heard_at": ago(minutes=1)}, False),
        ({"state": "RUNNING", "heard_at": ago(minutes=3)}, True),
        ({"state": "RUNNING", "heard_at": ago(minutes=3), "task": ""}, False),
        ({"state": "DONE", "heard_at": ago(minutes=3)}, False),
        ({"state": "FAILED", "heard_at": ago(minutes=3)}, False),
    ],
)
def test_which_jobs_no_worker_will_come_for(job, forgotten, me):
    Job.objects.create(kind="EXPORT", owner_id=me.pk, **{"task": "reports.tasks.write_export"} | job)
    assert Job.objects.forgotten(NOW).exists() is forgotten
