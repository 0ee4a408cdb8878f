"""GET /healthz says what can be reached, to anybody, also when much is down."""

import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from eser import embedded
from eser.heartbeat import KEY, Heartbeat, broker

NOWHERE = "unix:///nowhere/valkey.sock"


@pytest.fixture(autouse=True)
def own_services(home: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Services that a test may break: a broker without workers, a database that nobody else uses."""
    where = embedded.addresses(home)
    settings.VALKEY_URL = where.valkey_url
    facts = connections["default"].settings_dict
    monkeypatch.setitem(facts, "HOST", where.pg_host)
    monkeypatch.setitem(facts, "NAME", "eser")
    broker().delete(KEY)


def a_worker(name: str) -> tuple[Heartbeat, SimpleNamespace]:
    timer = SimpleNamespace(call_repeatedly=lambda *args, **options: SimpleNamespace(cancel=lambda: None))
    worker = SimpleNamespace(hostname=name, timer=timer)
    return Heartbeat(worker), worker


def test_all_is_well() -> None:
    answer = Client().get("/healthz")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["status"], told["database"]["status"], told["broker"]["status"]) == ("ok", "up", "up")


def test_workers_are_counted_while_they_live() -> None:
    (first, first_worker), (second, second_worker) = a_worker("celery@one"), a_worker("celery@two")
    first.start(first_worker)
    second.start(second_worker)
    assert Client().get("/healthz").json()["worker"]["alive"] == 2
    second.stop(second_worker)
    assert Client().get("/healthz").json()["worker"]["alive"] == 1


def test_a_worker_unheard_for_long_is_gone_but_remembered() -> None:
    broker().zadd(KEY, {"celery@one": 1_700_000_000})
    worker = Client().get("/healthz").json()["worker"]
    assert worker == {"alive": 0, "last_seen": "2023-11-14T22:13:20+00:00"}


def test_a_database_that_is_down_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "/nowhere")
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "The database cannot be reached."
    assert answer.json()["broker"]["status"] == "up"


def test_a_database_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setitem(connections["default"].settings_dict, "HOST", "127.0.0.1")
        monkeypatch.setitem(connections["default"].settings_dict, "PORT", str(silent.getsockname()[1]))
        answer = Client().get("/healthz")
    assert answer.json()["database"] == {"status": "down", "why": "no answer within 1.5 s"}


def test_a_broker_that_is_down_is_named(settings: Any) -> None:
    settings.VALKEY_URL = NOWHERE
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "The broker cannot be reached."


def test_both_down(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VALKEY_URL = NOWHERE
    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "/nowhere")
    assert Client().get("/healthz").json()["status"] == "The database and the broker cannot be reached."


def test_a_health_check_needs_no_known_host_and_no_https(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["records.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz", headers={"host": "10.0.0.7"}).status_code == 200
