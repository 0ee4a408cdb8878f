"""GET /healthz: whether the database, the broker and a worker are there, for load balancers and operators.

Asks each service over a connection of its own, never the application's pool, which would wait. Needs no
session, no scope and no sign-in, and tells nothing but this.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from typing import Any

import psycopg
from django.contrib.auth.decorators import login_not_required
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from .heartbeat import broker, workers

PATIENCE = 1.5  # seconds
State = dict[str, Any]
threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="health")


@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer, 503 otherwise. A missing worker is told, but serves no alarm."""
    begun = time.monotonic()
    asked = {"database": threads.submit(ask_database), "broker": threads.submit(ask_broker)}
    told = {name: answer(name, future, begun) for name, future in asked.items()}
    worker = told["broker"].pop("worker", {"alive": 0, "last_seen": None})
    down = [name for name, state in told.items() if state["status"] == "down"]
    status = "ok" if not down else f"The {' and the '.join(down)} cannot be reached."
    return JsonResponse({"status": status, **told, "worker": worker}, status=503 if down else 200)


def answer(name: str, future: Future[State], begun: float) -> State:
    try:
        return future.result(timeout=max(0.0, begun + PATIENCE - time.monotonic()))
    except TooLate:
        future.cancel()
        return {"status": "down", "why": f"no answer within {PATIENCE} s"}
    except Exception as trouble:
        # The type only: messages hold addresses and account names.
        return {"status": "down", "why": type(trouble).__name__}


def ask_database() -> State:
    begun = time.perf_counter()
    where = connections["default"].settings_dict
    with psycopg.connect(
        host=where["HOST"],
        port=where["PORT"],
        dbname=where["NAME"],
        user=where["USER"],
        password=where["PASSWORD"] or None,
        connect_timeout=2,
    ) as connection:
        connection.execute("SELECT 1")
    return {"status": "up", "ms": milliseconds_since(begun)}


def ask_broker() -> State:
    begun = time.perf_counter()
    with broker(timeout=PATIENCE) as client:
        client.ping()
        return {"status": "up", "ms": milliseconds_since(begun), "worker": workers(client)}


def milliseconds_since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 1)


class AnswerHealth:
    """Middleware, first of all: a health check needs no HTTPS, no known host name and no transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return healthz(request) if request.path == "/healthz" else self.get_response(request)
