"""A resync: asked for by a person or by the night, compared, decided, and sent (EDFI-R29 to R32, A9)."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from edfi.access import check_may_set_up
from edfi.actions.mend import SEND, STOPPED, mend
from edfi.compare_whole import PHASES, Cancelled, compare_whole, settings_of, silent
from edfi.inventory import Told
from edfi.models import Connection, Nightly, Resync, ResyncState
from edfi.patience import Patience
from edfi.rules.records import RESOURCES
from edfi.rules.resync import Does, Why, number_to_type
from jobs.actions import enqueue, open_job
from journal.actions import record
from security import scope
from security.models import User
from security.refusals import RuleBroken, Stale, Unreachable

TASK = "edfi.tasks.resync"
STALE_AFTER = timedelta(days=1)
WHOLE_AFTER = timedelta(days=7)
UNEXPLAINED = "Records that nothing here explains wait for a person."
TOO_MANY = "So many records would be deleted that a person has to decide."
BROKEN = (
    "It could not be finished. What was sent until then stands. Compare again; if it stops again, tell the"
    " help desk."
)


@transaction.atomic
def ask_for_resync(*, by: User, connection: Connection, resources: Sequence[str] = RESOURCES) -> Resync:
    """Compare everything with the state; nothing is sent yet. Raises NotAllowed, RuleBroken."""
    check_may_set_up(by, connection.district)
    chosen = [name for name in RESOURCES if name in resources]
    if not chosen:
        raise RuleBroken("Choose at least one kind of record.", "resources")
    if not connection.years.exists():
        raise RuleBroken("Add a school year first: without one nothing is compared.")
    resync = _open(connection, chosen, by)
    _tell(resync, by, "Asked for a resync of")
    return resync


@transaction.atomic
def send_differences(*, by: User, resync: Resync, typed: str = "") -> Resync:
    """A person decides that what was found is sent; `typed` is the number of deletions where so many need it.

    Also goes on with a run that was stopped. Raises NotAllowed, RuleBroken, Stale.
    """
    resync = _to_decide(by, resync)
    connection = resync.connection
    if resync.state not in (ResyncState.COMPARED, ResyncState.STOPPED):
        raise Stale(f"This resync is {resync.get_state_display()}. Nothing was changed a second time.")
    if not connection.enabled:
        raise RuleBroken("The connection is off, so nothing is sent. Switch it on first.")
    if not resync.compared_at or timezone.now() - resync.compared_at > STALE_AFTER:
        raise Stale("This comparison is older than a day. Compare again, and decide on what is there today.")
    number = deletions_to_type(resync)
    if number is not None and typed.replace(",", "").strip() != str(number):
        records = "1 record" if number == 1 else f"{number:,} records"
        raise RuleBroken(f"{records} would be deleted. Type this number to confirm it.", "typed")
    resync.state, resync.why, resync.stop_asked_by_id = ResyncState.SENDING, "", None
    resync.decided_by_id, resync.decided_at, resync.ended_at = by.pk, timezone.now(), None
    _queue(resync, f"Send the differences of {connection}", [SEND], by.pk)
    _tell(resync, by, "Sends the differences found by a resync of")
    return resync


@transaction.atomic
def stop_resync(*, by: User, resync: Resync) -> Resync:
    """It ends after the page that is read, or the records that are under way. Raises NotAllowed, Stale."""
    resync = _to_decide(by, resync)
    if not resync.is_busy:
        raise Stale(f"This resync is {resync.get_state_display()}; there is nothing to stop.")
    resync.stop_asked_by_id = by.pk
    resync.save(update_fields=["stop_asked_by_id"])
    _tell(resync, by, "Stopped a resync of")
    return resync


@transaction.atomic
def ask_by_night(connection: Connection) -> Resync | None:
    """The comparison that nobody asked for: of what changed there, and once a week of everything."""
    if connection.nightly == Nightly.NO or not connection.years.exists():
        return None
    whole = Resync.objects.filter(
        connection=connection,
        state=ResyncState.DONE,
        since_last=False,
        ended_at__gt=timezone.now() - WHOLE_AFTER,
    )
    return _open(
        connection, list(RESOURCES), None, since_last=bool(connection.seen_versions) and whole.exists()
    )


def carry_out(resync: Resync, tell: Told = silent, patience: Patience | None = None) -> Resync:
    """Compares, or sends, as far as this resync is; a worker's part. May be called again after a crash."""
    try:
        if resync.state == ResyncState.COMPARING:
            resync = compare_whole(resync, tell, patience)
            resync = _after_comparing(resync)
        if resync.state == ResyncState.SENDING:
            why = mend(resync, tell, patience)
            resync = _after_sending(resync, why)
    except Cancelled:
        return _end(resync, ResyncState.STOPPED, STOPPED)
    except Unreachable as silence:
        return _fail(resync, str(silence))
    except Exception:
        _fail(resync, BROKEN)
        raise
    return resync


def deletions_to_type(resync: Resync, *, explained: bool = False) -> int | None:
    """How many deletions a person has to type, None where they are few. EDFI-A9.

    `explained`: only those of records that were ours.
    """
    with scope.elevated():
        deletes = resync.rows.filter(result="", does=Does.DELETE)
        deletes = deletes.exclude(why=Why.NO_TRACE) if explained else deletes
        return number_to_type(deletes.count(), resync.tallies, resync.connection.delete_percent)


def _after_comparing(resync: Resync) -> Resync:
    if resync.state == ResyncState.DONE:
        return _done(resync)
    if resync.by_id is None and resync.connection.nightly == Nightly.MEND:
        if deletions_to_type(resync, explained=True) is not None:
            resync.why = TOO_MANY
        else:
            resync.state = ResyncState.SENDING
    resync.save()
    return resync


def _after_sending(resync: Resync, why: str) -> Resync:
    with scope.system():
        waiting = resync.rows.filter(result="").exists()
    if why:
        return _end(resync, ResyncState.STOPPED, why)
    if not waiting:
        return _done(resync)
    resync.state, resync.why = ResyncState.COMPARED, UNEXPLAINED
    resync.save(update_fields=["state", "why"])
    return resync


@transaction.atomic
def _done(resync: Resync) -> Resync:
    """The connection needs no resync any more, unless its settings changed meanwhile. EDFI-R31."""
    resync.state, resync.why, resync.ended_at = ResyncState.DONE, "", timezone.now()
    resync.save()
    connection = Connection.objects.select_for_update(of=("self",)).select_related("state").get(
        pk=resync.connection_id
    )  # fmt: skip
    if not resync.since_last and resync.settings_digest == settings_of(connection):
        connection.resync_needed = [n for n in connection.resync_needed if n not in resync.resources]
    if set(resync.resources) == set(RESOURCES) and not _has_failed(resync):
        connection.seen_versions = {**connection.seen_versions, **resync.versions}
    connection.save(update_fields=["resync_needed", "seen_versions"])
    return resync


def _has_failed(resync: Resync) -> bool:
    with scope.system():
        return resync.rows.filter(result="FAILED").exists()


def _fail(resync: Resync, why: str) -> Resync:
    comparing = resync.state == ResyncState.COMPARING
    return _end(resync, ResyncState.FAILED if comparing else ResyncState.STOPPED, why)


def _end(resync: Resync, state: ResyncState, why: str) -> Resync:
    resync.state, resync.why, resync.ended_at = state, why, timezone.now()
    resync.save(update_fields=["state", "why", "ended_at"])
    return resync


def _open(
    connection: Connection, resources: list[str], by: User | None, *, since_last: bool = False
) -> Resync:
    """One at a time; a comparison that still waits for a decision is replaced."""
    earlier = Resync.objects.filter(connection=connection)
    try:
        with transaction.atomic():
            resync = Resync.objects.create(
                connection=connection, resources=resources, by_id=by.pk if by else None, since_last=since_last
            )
    except IntegrityError:
        raise RuleBroken("This connection is being compared already. Wait until that has ended.") from None
    earlier.filter(state__in=[ResyncState.COMPARED, ResyncState.STOPPED]).exclude(pk=resync.pk).update(
        state=ResyncState.REPLACED
    )
    _queue(resync, f"Compare {connection} with the state", PHASES, resync.by_id)
    return resync


def _queue(resync: Resync, title: str, phases: list[str], owner_id: int | None) -> None:
    job = open_job("EDFI_RESYNC", title, owner_id=owner_id, phases=phases, resync=resync.pk)
    resync.job_id = job.pk
    resync.save()
    enqueue(job, TASK)


def _to_decide(by: User, resync: Resync) -> Resync:
    rows = Resync.objects.select_for_update(of=("self",))
    resync = rows.select_related("connection__state", "connection__district").get(pk=resync.pk)
    check_may_set_up(by, resync.connection.district)
    return resync


def _tell(resync: Resync, by: User, words: str) -> None:
    connection = resync.connection
    record(
        "EDFI_RESYNC",
        f"{words} the Ed-Fi connection {connection}",
        by=by,
        district_id=connection.district_id,
        connection=connection.pk,
        resync=resync.pk,
    )
