"""Where the cache is away nothing is counted, and nobody is kept out for that."""

import socket

import pytest
from django.core.cache import caches

from security.cache import ForgivingCache


@pytest.fixture
def away() -> ForgivingCache:
    """A cache whose server has gone: the port was free a moment ago, and nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return ForgivingCache(f"redis://127.0.0.1:{port}/0", {"OPTIONS": {"socket_timeout": 1}})


def test_what_it_held_is_as_never_counted(away):
    assert away.get("failures", 0) == 0


def test_the_first_of_many_may_go_on(away):
    assert away.add("failures", 1) is True


def test_writing_and_forgetting_are_no_trouble(away):
    away.set("failures", 3)
    assert away.delete("failures") is False


def test_it_says_so_to_the_operator(away, caplog):
    away.get("failures")
    assert "cache_away" in caplog.text


def test_a_cache_that_is_there_counts():
    there = caches["default"]
    assert isinstance(there, ForgivingCache)
    there.set("failures", 3)
    assert there.get("failures") == 3
