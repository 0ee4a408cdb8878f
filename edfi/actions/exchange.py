"""One run over one connection: everybody who is marked, in batches, until nobody is."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import connection as database
from django.utils import timezone

from edfi.actions import dirty
from edfi.actions.order import keep_order
from edfi.actions.reconcile import reconcile
from edfi.calling import Api, calling
from edfi.compare_whole import settings_of
from edfi.models import Connection, DistrictOds
from edfi.patience import Patience
from security import scope
from security.refusals import Unreachable

BATCH = 500
LOCKS, RESYNC_LOCKS, PULL_LOCKS = 0x0ED1, 0x0ED2, 0x0ED3
log = structlog.get_logger("eser.edfi")


def exchange(connection: Connection, patience: Patience | None = None) -> int:
    """Send what is marked; returns how many children were compared. Another run over it is not disturbed."""
    compared = 0
    with only_one(connection) as mine:
        if not mine:
            return 0
        with scope.system():
            dirty.mark_due(connection)
        try:
            with calling(connection, patience) as api:
                for number in _batches(connection, api):
                    compared += number
        except Unreachable as trouble:
            _say(connection, str(trouble))
    return compared


def _batches(connection: Connection, api: Api) -> Iterator[int]:
    """How many children each of them compared. Raises Unreachable, and then that batch stays marked."""
    as_begun = _setup(connection)
    while (marks := _take(connection)) and as_begun and _setup(connection) == as_begun:
        keep_order(connection, api)
        reconcile([student_id for student_id, _ in marks], connection, api)
        with scope.system():
            dirty.done(connection, marks)
        _say(connection, "")
        yield len(marks)


def _setup(connection: Connection) -> tuple[str, ...]:
    """What a person may change while a run is under way, which ends it; () where it is switched off."""
    row = Connection.objects.select_related("state").filter(pk=connection.pk, enabled=True).first()
    return (settings_of(row), row.base_url, row.key_encrypted, row.secret_encrypted) if row else ()


def _take(connection: Connection) -> list[dirty.Mark]:
    with scope.system():
        return dirty.take(connection, BATCH)


def _say(connection: Connection, error: str) -> None:
    changes = {"last_error": error}
    if error:
        log.warning("connection does not work", connection_id=connection.pk)
    else:
        changes["last_sent_at"] = timezone.now()
    Connection.objects.filter(pk=connection.pk).update(**changes)


@contextmanager
def only_one(connection: Connection | DistrictOds, locks: int = LOCKS) -> Iterator[bool]:
    """One sender (or, with other `locks`, one resync or reading) per connection.

    The database lets go of the lock when its holder dies, however it dies.
    """
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [locks, connection.pk])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with database.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [locks, connection.pk])
