"""A real Celery worker as a process of its own, which takes the work of one test's database."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings

from jobs.models import Job

CELERY = [sys.executable, "-m", "celery", "-A", "eser"]
# It has no neighbours to find, and Django's checks run once for all tests elsewhere.
ALONE = ["--without-gossip", "--without-mingle"]
WORKER = [*CELERY, "worker", "--pool", "solo", *ALONE]
IN_A_PROCESS_OF_ITS_OWN = [*CELERY, "worker", "--pool", "prefork", "--concurrency", "1", *ALONE]
PATIENCE = 60  # seconds until a worker has started and done its work
UNCHECKED = {"CELERY_SKIP_CHECKS": "1"}


@contextmanager
def worker_of(
    database: str, command: Sequence[str] = WORKER, **environment: str
) -> Iterator[subprocess.Popen]:
    """Its queue has the name of the database. At the end it is killed, as a worker may be."""
    process = subprocess.Popen(
        [*command, "-n", f"{database}@test", "-Q", database, "-l", "WARNING"],
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


def ended(job: Job) -> Job:
    """As it is when it is over, or when patience is."""
    end = time.monotonic() + PATIENCE
    while not job.is_over and time.monotonic() < end:
        time.sleep(0.2)
        job.refresh_from_db()
    return job
