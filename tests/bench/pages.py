"""Whole responses of the list of students, served as in production, beside a bare view with one query."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import quantiles

from django.conf import settings
from django.test import Client

from security.models import User
from tests.bench.generated import use
from tests.bench.measure import Result, report
from tests.bench.urls import BARE
from tests.database import ROOT

TITLE = "Whole pages"
LIST = "students/"
GOALS = ((4, 60.0), (10, 120.0))  # users at once, ms at the 95th of 100
EACH = 30  # requests of one user, one after the other
PATIENCE = 60.0  # seconds until the server answers


def run(students: int) -> int:
    """Measure at a generated state of this many students; 0 when every goal is kept."""
    use(students)
    cookie = signed_in(User.objects.get(username="large"))
    with served() as port:
        results = [page(port, cookie, users, goal) for users, goal in GOALS]
    report(f"{TITLE}, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def page(port: int, cookie: str, users: int, goal: float) -> Result:
    for path in (BARE, LIST):
        answers(port, path, cookie, 5)
    bare, whole = p95(port, BARE, "", users), p95(port, LIST, cookie, users)
    return Result(
        f"list of 50 students, {users} users at once, p95", bare, whole, f"≤ {goal:g} ms", whole <= goal
    )


def p95(port: int, path: str, cookie: str, users: int) -> float:
    with ThreadPoolExecutor(users) as crowd:
        taken = [crowd.submit(answers, port, path, cookie, EACH) for _ in range(users)]
        return quantiles([ms for one in taken for ms in one.result()], n=20)[-1]


def answers(port: int, path: str, cookie: str, requests: int) -> list[float]:
    """Milliseconds of each request over one connection, to the last byte. Raises RuntimeError unless 200."""
    connection, taken = HTTPConnection("127.0.0.1", port, timeout=60), []
    for _ in range(requests):
        begun = time.perf_counter()
        connection.request("GET", f"/{path}", headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        taken.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"/{path} answered {answer.status}")
    connection.close()
    return taken


def signed_in(user: User) -> str:
    client = Client()
    client.force_login(user, backend="security.backends.PasswordBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def served() -> Iterator[int]:
    """`python -m eser.serve` with two workers on the state in use; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chosen = {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "ESER_DB_NAME": settings.DATABASES["default"]["NAME"],
        "ESER_DB_POOL": "12",
        "ESER_DONT_START": "1",
        "ESER_PORT": str(port),
        "ESER_WEB_WORKERS": "2",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "eser.serve"], cwd=ROOT, env=os.environ | chosen, stderr=subprocess.DEVNULL
    ) as server:
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    last = time.monotonic() + PATIENCE
    while True:
        try:
            answers(port, BARE, "", 1)
        except (OSError, RuntimeError):
            if time.monotonic() > last:
                raise
            time.sleep(0.3)
        else:
            return
