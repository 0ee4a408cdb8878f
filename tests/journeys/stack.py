"""The whole system as processes of its own, on one test's database: web server, worker and scheduler."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings

PATIENCE = 90  # seconds, on a busy machine
CELERY = [sys.executable, "-m", "celery", "-A", "eser"]


@contextmanager
def running(database: str, folder: Path) -> Iterator[str]:
    """The address of the running system; its logs and files are in `folder`."""
    port = free_port()
    environment = os.environ | {
        "ESER_HOME": str(settings.ESER_HOME),
        "ESER_DB_NAME": database,
        "ESER_DB_POOL": "4",
        "ESER_DONT_START": "1",
        "ESER_MEDIA": str(folder / "media"),
        "ESER_PORT": str(port),
        "ESER_WEB_WORKERS": "1",
        "ESER_DEBUG": "1",
    }
    commands = {
        "web": [sys.executable, "manage.py", "serve"],
        "worker": [*CELERY, "worker", "--pool", "solo", "-n", f"{database}@journey", "--loglevel", "INFO"],
        "beat": [*CELERY, "beat", "--schedule", str(folder / "beat"), "--pidfile", ""],
    }
    processes = [_start(name, command, environment, folder) for name, command in commands.items()]
    try:
        wait_until(lambda: _is_whole(port), "the system answers")
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)


def wait_until(true, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"Waited {PATIENCE} seconds in vain until {what}."
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def _start(name: str, command: list[str], environment: dict[str, str], folder: Path) -> subprocess.Popen:
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )


def _is_whole(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return json.load(answer)["worker"]["alive"] > 0
    except (URLError, OSError):
        return False
