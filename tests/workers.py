"""A real Celery worker as a process of its own, which takes the work of one test's database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

CELERY = [sys.executable, "-m", "celery", "-A", "eser"]
# It has no neighbours to find, and Django's checks run once for all tests elsewhere.
WORKER = [*CELERY, "worker", "--pool", "solo", "--without-gossip", "--without-mingle"]
UNCHECKED = {"CELERY_SKIP_CHECKS": "1"}


@contextmanager
def worker_of(database: str, **environment: str) -> Iterator[subprocess.Popen]:
    """Its queue has the name of the database. At the end it is killed, as a worker may be."""
    process = subprocess.Popen(
        [*WORKER, "-n", f"{database}@test", "-Q", database, "-l", "WARNING"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | UNCHECKED
        | {
            "ESER_HOME": str(settings.ESER_HOME), "ESER_DB_NAME": database, "ESER_DB_POOL": "0",
            "ESER_DONT_START": "1",
        }
        | environment,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()
