"""One worker at a time leads a run: it alone has the staging area."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from security.refusals import RuleBroken

LOCK = 0x5E12


@contextmanager
def alone_with_staging() -> Iterator[bool]:
    """One run at a time uses the staging area; a killed worker's lock goes with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = cursor.fetchone()[0]
    try:
        yield alone
    finally:
        if alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def check_nobody_works() -> None:
    """In a transaction, to whose end it keeps workers away. Raises RuleBroken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise RuleBroken("A worker is at work on it, and goes on by itself. Nothing has to be done.")
