"""python -m tests.migration.dying_worker <run> <module.function> <call>: is killed on the way.

The named step does its work for the given time, then the process is killed before its transaction ends.
"""

import importlib
import os
import signal
import sys
from itertools import count

import django

django.setup()

from migration import account  # noqa: E402
from migration.actions import roll_over  # noqa: E402


def die_in(dotted: str, call: int) -> None:
    module_name, _, name = dotted.rpartition(".")
    module = importlib.import_module(module_name)
    works, calls = getattr(module, name), count(1)

    def works_and_dies(*args, **kwargs):
        works(*args, **kwargs)
        if next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, works_and_dies)


if __name__ == "__main__":
    account.STUDENTS_PER_CHUNK = 5
    die_in(sys.argv[2], int(sys.argv[3]))
    roll_over(int(sys.argv[1]))
