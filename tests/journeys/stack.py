"""The whole system as processes of its own, on one test's database: web server, worker and scheduler."""

import fcntl
import json
import os
import signal
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
from django.test import override_settings

from eser.demo import static
from tests.workers import CELERY, UNCHECKED, WORKER

PATIENCE = 90  # seconds, on a busy machine


AS_IN_PRODUCTION = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}


class Processes:
    """Web server, worker and scheduler of one database; any of them can be killed and started again."""

    def __init__(self, database: str, folder: Path, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.environment = (
            os.environ
            | UNCHECKED
            | {
                "ESER_HOME": str(settings.ESER_HOME),
                "ESER_DB_NAME": database,
                "ESER_DB_POOL": "4",
                "ESER_DONT_START": "1",
                "ESER_MEDIA": str(folder / "media"),
                "ESER_PORT": str(self.port),
                "ESER_WEB_WORKERS": "1",
                "ESER_SECOND_FACTOR": "offered",
                **environment,
            }
        )
        self.commands = {
            "web": [sys.executable, "-m", "eser.serve"],
            "worker": [*WORKER, "-n", f"{database}@journey", "-l", "INFO"],
            "beat": [*CELERY, "beat", "--schedule", str(folder / "beat"), "--pidfile", ""],
        }
        self.running: dict[str, subprocess.Popen] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *names: str) -> None:
        for name in names or self.commands:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    self.commands[name], cwd=settings.BASE_DIR, env=self.environment,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                )  # fmt: skip

    def kill(self, name: str) -> None:
        """With the processes that it started: they would go on serving."""
        process = self.running.pop(name)
        for pid in (process.pid, *children_of(process.pid)):
            os.kill(pid, signal.SIGKILL)
        process.wait(20)

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(20)

    def is_whole(self) -> bool:
        """The web server answers, and a worker when one was started."""
        try:
            with urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return "worker" not in self.running or json.load(answer)["worker"]["alive"] > 0
        except (URLError, OSError):
            return False


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def running(database: str, folder: Path, *names: str) -> Iterator[str]:
    """The address of the running system, or of its named processes alone; logs and files are in `folder`."""
    collect_static(settings.ESER_HOME)
    processes = Processes(database, folder)
    processes.start(*names)
    try:
        wait_until(processes.is_whole, "the system answers")
        yield processes.address
    finally:
        processes.stop()


def collect_static(home: Path) -> None:
    """For the web server of this home; once for all tests while no file changes."""
    chosen = override_settings(STATIC_ROOT=home / "static", STORAGES=settings.STORAGES | AS_IN_PRODUCTION)
    with (home / "static.lock").open("w") as lock, chosen:
        fcntl.flock(lock, fcntl.LOCK_EX)
        static.collect()


def wait_until(true, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"Waited {PATIENCE} seconds in vain until {what}."
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]
