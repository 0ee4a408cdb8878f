"""One transaction of the loader, which sees every child and may write what is locked or official."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper

from security import scope


@contextmanager
def step() -> Iterator[CursorWrapper]:
    with scope.system(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('eser.loader', 'on', true)")
        yield cursor


@contextmanager
def wide_step() -> Iterator[CursorWrapper]:
    """A step that goes through all rows of an extract: in memory where it may, and with every core.

    A row costs more to read than to hand on, which the planner does not know of our functions.
    """
    with step() as cursor:
        cursor.execute(
            "SELECT set_config('work_mem', '64MB', true), set_config('parallel_tuple_cost', '0.01', true)"
        )
        yield cursor
