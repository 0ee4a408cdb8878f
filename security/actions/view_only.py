"""View-only mode: put on the calendar, begun by hand, ended, and its guards set onto the tables."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from security.models import User, ViewOnly
from security.refusals import RuleBroken
from security.rules.guarded_tables import Mode, names_of

# A save that began before the mode was known is noted nowhere; within a minute it has ended.
LEAD = timedelta(minutes=1)
TRIES, PAUSE = 20, 0.25  # seconds
BUSY = "Somebody is saving at this moment. Try again."
SENTENCE = (
    "All records are view only until the go-live planned for {day:%b %-d, %Y}: nothing is saved before."
)


@transaction.atomic
def plan_view_only(
    *, since: datetime, until: datetime, zone: ZoneInfo, by: User | None = None, reason: str = ""
) -> ViewOnly:
    """Begins by itself at `since`; the span that is planned or has begun is moved. Raises RuleBroken.

    One that begins at once waits for the saves under way, so that none of them is committed behind it.
    """
    if until <= since:
        raise RuleBroken("The go-live comes after the freeze.", "go_live_at")
    span, now = ViewOnly.objects.not_ended().select_for_update().first() or ViewOnly(), timezone.now()
    has_begun = span.pk and span.since <= now
    if since < now + LEAD and not has_begun:
        let_nobody_write()
    span.since, span.until, span.set_by, span.reason = since, until, by, reason
    span.sentence = SENTENCE.format(day=until.astimezone(zone))
    span.save()
    return span


@transaction.atomic
def begin_by_hand(span: ViewOnly, *, by: User, reason: str, lead: timedelta = LEAD) -> ViewOnly:
    """Brings the beginning forward to a minute from now, so that every save under way is noted until then."""
    span.since = min(span.since, timezone.now() + lead)
    span.reason, span.set_by = reason, by
    span.save(update_fields=["since", "reason", "set_by"])
    return span


def let_nobody_write() -> None:
    """Until this transaction ends; never waits while it holds a lock, so that it stops nobody for good.

    Raises RuleBroken where somebody saves all the time.
    """
    tables = ", ".join(names_of(Mode.GUARDED))
    for _ in range(TRIES):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE NOWAIT")
                return
        except OperationalError:
            time.sleep(PAUSE)
    raise RuleBroken(BUSY)


def end_view_only(span: ViewOnly) -> ViewOnly:
    """From the commit on everybody may write again."""
    span.ended_at = timezone.now()
    span.save(update_fields=["ended_at"])
    return span


def install_guards(using: str) -> None:
    """Every table that the list says is guarded has the trigger, and no other one."""
    guarded = names_of(Mode.GUARDED)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'view_only'")
        there = {name for (name,) in cursor.fetchall()}
        for table in sorted(there - set(guarded)):
            cursor.execute(f'DROP TRIGGER view_only ON "{table}"')
        for table in sorted(set(guarded) - there):
            cursor.execute(
                f'CREATE TRIGGER view_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}"'
                " FOR EACH STATEMENT EXECUTE FUNCTION security_guard_view_only()"
            )
