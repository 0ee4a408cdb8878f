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
