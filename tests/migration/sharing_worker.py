"""python -m tests.migration.sharing_worker <run> <chunk it dies in>: helps with the load of a run.

It says when it is there, and begins when it is told to. In the given chunk (0: in none) it is killed, after
the work and before its transaction ends.
"""

import os
import signal
import sys
from itertools import count

import django

django.setup()

from migration.actions import chunks, help_load  # noqa: E402
from migration.models import LoadRun  # noqa: E402


def die_in(call: int) -> None:
    works, calls = chunks.load_chunk, count(1)

    def works_and_dies(*args):
        works(*args)
        if next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)

    chunks.load_chunk = works_and_dies


if __name__ == "__main__":
    die_in(int(sys.argv[2]))
    run = LoadRun.objects.select_related("of_state").get(pk=int(sys.argv[1]))
    print("there", flush=True)
    sys.stdin.readline()
    help_load(run)
