"""The run of a resync: looks at each record at the state once more, then lets the usual sender mend it.

What the state shows is written into the identity map; from there on it is a change like any other. Every
chunk is finished by itself, so a run that is stopped or killed goes on where it was.
"""

import time
from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from edfi.actions.exchange import only_one
from edfi.actions.reconcile import reconcile
from edfi.answers import Outcome
from edfi.bulk import one_by_one
from edfi.calling import Api, calling
from edfi.client import Client
from edfi.inventory import Told
from edfi.models import Connection, Identity, Result, Resync, ResyncRow
from edfi.patience import Patience
from edfi.rules.resync import Does, Why
from edfi.strangers import delete_strangers
from security import scope

CHUNK = 100  # rows
PAUSE, LONGEST_PAUSE = 0.5, 600.0  # seconds
SEND = "Send"
OFF = "The connection was switched off."
STOPPED = "A person stopped it."
OCCUPIED = "Changes of this connection are being sent for so long that there was no room. Go on later."
Looked = Mapping[int, dict | None | Outcome]  # by row: the state's copy, that there is none, or no answer


def mend(resync: Resync, tell: Told, patience: Patience | None = None) -> str:
    """Mends what is left of the differences; returns why it ended before, "" when nothing is left.

    Raises Unreachable.
    """
    with scope.system():
        total = resync.rows.count()
    while rows := _next(resync):
        connection = Connection.objects.select_related("state").get(pk=resync.connection_id)
        if why := _why_stop(resync, connection):
            return why
        tell(phase=SEND, done=total - _left(resync), total=total)
        if not _in_turn(connection, rows, patience, tell):
            return OCCUPIED
    return ""


def left_to_do(resync: Resync) -> QuerySet[ResyncRow]:
    """Without a decision of a person, what nobody here can explain is left alone. EDFI-A9."""
    rows = resync.rows.filter(result="")
    return rows if resync.decided_by_id else rows.exclude(why=Why.NO_TRACE)


def _next(resync: Resync) -> list[ResyncRow]:
    """Of one child the eligibility before the responsibility."""
    with scope.system():
        return list(left_to_do(resync).order_by("student_id", "-resource", "pk")[:CHUNK])


def _left(resync: Resync) -> int:
    with scope.system():
        return left_to_do(resync).count()


def _why_stop(resync: Resync, connection: Connection) -> str:
    if resync.is_to_stop():
        return STOPPED
    return "" if connection.enabled else OFF


def _in_turn(connection: Connection, rows: list[ResyncRow], patience: Patience | None, tell: Told) -> bool:
    """Between two runs of the usual sender; False where it never ends."""
    end = time.monotonic() + LONGEST_PAUSE
    while time.monotonic() < end:
        with only_one(connection) as mine:
            if mine:
                _mend_some(connection, rows, patience)
                return True
        tell()
        time.sleep(PAUSE)
    return False


def _mend_some(connection: Connection, rows: list[ResyncRow], patience: Patience | None) -> None:
    off = connection.switched_off()
    rows, silent = _parted(rows, off)
    _keep(dict.fromkeys((row.pk for row in silent), Result.LEFT))
    if rows:
        with calling(connection, patience) as api:
            _keep(_mended(connection, rows, api))


def _mended(connection: Connection, rows: Sequence[ResyncRow], api: Api) -> dict[int, Result]:
    looked = api.ask(_look(api.client, rows))
    answered = [row for row in rows if not isinstance(looked[row.pk], Outcome)]
    known = [row for row in answered if row.student_id]
    with scope.system():
        for row in known:
            _teach(connection, row, looked[row.pk])
    if known:
        reconcile(sorted({row.student_id for row in known}), connection, api)
    results = dict.fromkeys((row.pk for row in rows), Result.FAILED)
    with scope.system():
        results |= {row.pk: _result(connection, row, looked[row.pk]) for row in known}
    strangers = [row for row in answered if not row.student_id]
    return results | delete_strangers(connection, strangers, looked, api)


def _parted(
    rows: Sequence[ResyncRow], off: frozenset[tuple[str, int]]
) -> tuple[list[ResyncRow], list[ResyncRow]]:
    """(to do, of a resource that was switched off meanwhile)"""
    silent = [row for row in rows if (row.resource, row.school_year) in off]
    return [row for row in rows if row not in silent], silent


async def _look(client: Client, rows: Sequence[ResyncRow]) -> Looked:
    """EDFI-B17: each record by itself, right before anything is done about it. Raises Unreachable."""
    for year in sorted({row.school_year for row in rows}):
        await client.reach(year)
    found = await one_by_one(
        client, rows, lambda row: client.find(row.resource, row.school_year, row.natural_key)
    )
    return dict(zip((row.pk for row in rows), found, strict=True))


def _teach(connection: Connection, row: ResyncRow, item: dict | None) -> None:
    """The identity map learns what is at the state. EDFI-R29: what is not there is not noted."""
    noted = _noted(connection, row)
    if item is None:
        noted.delete()
    elif row.why == Why.NO_TRACE:
        if item["id"] == row.ods_id:
            _note_stranger(connection, row)
    else:
        noted.update(ods_id=item["id"], payload_digest="")


def _note_stranger(connection: Connection, row: ResyncRow) -> None:
    """A record that nobody here can explain, but of a child who is known: the sender takes it away."""
    Identity.objects.get_or_create(
        connection=connection,
        resource=row.resource,
        school_year=row.school_year,
        key_digest=row.key_digest,
        defaults={
            "student_id": row.student_id,
            "district_id": row.district_id,
            "evaluation_id": 0,
            "natural_key": row.natural_key,
            "payload": {},
            "ods_id": row.ods_id,
        },
    )


def _result(connection: Connection, row: ResyncRow, item: dict | None) -> Result:
    noted = _noted(connection, row).first()
    posted = row.does in (Does.POST, Does.CHANGE)
    if noted is None:
        changed = posted or (row.why == Why.NO_TRACE and item is not None and item["id"] != row.ods_id)
        return Result.LEFT if changed else Result.DONE
    if not noted.payload_digest:
        return Result.FAILED
    return Result.DONE if posted else Result.LEFT


def _noted(connection: Connection, row: ResyncRow) -> QuerySet[Identity]:
    return Identity.objects.filter(
        connection=connection, resource=row.resource, school_year=row.school_year, key_digest=row.key_digest
    )


def _keep(results: Mapping[int, Result]) -> None:
    now = timezone.now()
    with scope.system():
        for result in Result:
            ids = [pk for pk, found in results.items() if found == result]
            ResyncRow.objects.filter(pk__in=ids).update(result=result, ended_at=now)
