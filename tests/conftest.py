"""What every test may ask for."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.test import Client

from tests.database import database

pytest_plugins = ["tests.plugin_browser"]
LONGEST = {"journeys", "platform"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts whole systems begins first, so that the workers end together."""
    items.sort(key=lambda item: LONGEST.isdisjoint(item.path.parts))


def has_just_shown(client: Client, user, *factors: str, ago: float = 0) -> None:
    """As if the person had shown these factors (password, mfa) so many seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": factor, "at": time.time() - ago} for factor in factors
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


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

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="security.backends.PasswordBackend")
        has_just_shown(client, user, "password")
        return client

    return signed_in
