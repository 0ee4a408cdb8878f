"""What every test may ask for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import caches
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as properties
from xdist.scheduler.loadscope import LoadScopeScheduling

from security.session_store import SessionStore
from tests.database import ROOT, database

pytest_plugins = ["tests.plugin_browser"]
# Tests are never timed, whatever else the machine does.
properties.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("untimed")
# What starts whole systems begins first, so that the workers end together; before all else what needs none of
# our databases, while one worker makes the template that the others wait for.
FIRST = ("test_demo.py", "test_embedded.py")
LONGEST = {"journeys", "platform"}
# Tests that share one running system or browser, by a name for it.
TOGETHER = {
    "tests/journeys/test_bad_input.py": "system",
    "tests/journeys/test_count_day.py": "system",
    "tests/journeys/test_pages_are_accessible.py": "system",
    "tests/journeys/test_review_iep.py": "system",
    "tests/journeys/test_trouble.py": "system",
    "tests/journeys/test_writing.py": "system",
}
# Files so long that each of their tests goes to whichever worker is free.
APART = {
    "tests/edfi/test_worker.py",
    "tests/house/test_every_address.py",
    "tests/house/test_matrix.py",
    "tests/migration/test_interrupted.py",
    "tests/platform/test_demo.py",
    "tests/platform/test_embedded.py",
    "tests/platform/test_production.py",
}


class FilesWhole(LoadScopeScheduling):
    """A file stays with one worker, which makes its module's fixtures once; a running system too."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in APART else TOGETHER.get(file, file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesWhole:
    config.option.loadscopereorder = False  # many tests in a file are quick ones
    return FilesWhole(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=begins)


def begins(item: pytest.Item) -> tuple[bool, ...]:
    """The place of a test in the order, the smallest first."""
    apart = str(item.path.relative_to(ROOT)) in APART
    return item.path.name not in FIRST, LONGEST.isdisjoint(item.path.parts), not apart


def has_just_shown(client: Client, user, *factors: str, ago: float = 0) -> None:
    """As if the person had shown these factors (password, mfa) so many seconds ago."""
    session = client.session
    session.update(shown(user, *factors, ago=ago))
    session.save()


def shown(user, *factors: str, ago: float = 0) -> dict[str, object]:
    methods = [{"method": factor, "at": time.time() - ago} for factor in factors]
    return {
        "account_authentication_methods": methods,
        "account_authentication_methods_user": str(user.pk),
    }


def signed_in(user) -> Client:
    """With a session as a sign-in by password leaves it, made in one statement."""
    client, session = Client(), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "security.backends.PasswordBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.update(shown(user, "password"))
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


@contextmanager
def asked() -> Iterator[list[str]]:
    """Every statement that is sent meanwhile, also those that the log of queries does not know in words."""
    statements: list[str] = []
    with connection.execute_wrapper(lambda send, sql, *more: statements.append(sql) or send(sql, *more)):
        yield statements


@pytest.fixture(autouse=True)
def counts_of_its_own() -> None:
    """What one test counts in the cache (failures, calls) does not count against the next."""
    caches["default"].key_prefix = uuid4().hex


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id: str) -> Iterator[None]:
    """One database for this worker; tests that ask for `db` run in transactions that are rolled back."""
    with django_db_blocker.unblock(), database(worker_id):
        yield


@pytest.fixture
def own_database(django_db_setup, django_db_blocker, worker_id: str) -> Iterator[str]:
    """A database of this test's own, in which commits are real (workers, servers and faults can see them)."""
    with django_db_blocker.unblock(), database(f"{worker_id}_own") as name:
        yield name


@pytest.fixture
def browse(db) -> "type[Client]":
    """`browse(user)` gives a signed-in client."""
    return signed_in
