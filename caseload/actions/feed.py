"""The address under which a calendar program finds one's due days."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from caseload.models import CalendarFeed, Deadline
from caseload.rules.sources import listed
from journal.actions import record
from security.models import User
from security.models.token import digest_of, new_plain

USED_AGAIN = timedelta(minutes=1)
BACK, AHEAD = timedelta(days=60), timedelta(days=365)


@transaction.atomic
def make_feed(*, by: User) -> tuple[CalendarFeed, str]:
    """A new address in place of the old one, and its secret, which is nowhere kept."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    end_feed(by=by)
    plain = new_plain()
    feed = CalendarFeed.objects.create(user=by, digest=digest_of(plain))
    record("CALENDAR_FEED_MADE", f"Calendar feed {feed.pk} made", by=by, feed=feed.pk)
    return feed, plain


@transaction.atomic
def end_feed(*, by: User) -> int:
    """Whoever has the address is refused from now on; returns how many were ended."""
    return end_feed_of(by, by)


def end_feed_of(user: User, by: User | None) -> int:
    """Also with the tokens of an account: whoever knew its password may have made the address."""
    ended = CalendarFeed.objects.filter(user=user, ended_at=None).update(ended_at=timezone.now())
    if ended:
        record("CALENDAR_FEED_ENDED", "Calendar feed ended", by=by, user=user.pk)
    return ended


def days_of(feed: CalendarFeed) -> list[Deadline]:
    """What is open and with this person, as far as they may see it; called in their scope.

    The record of access gets its lines once a day, because a program asks all day long.
    """
    today, user = timezone.localdate(), feed.user
    rows = Deadline.objects.in_scope(user.scope()).open().filter(responsible=user, number__in=listed())
    found = list(rows.filter(due_on__range=(today - BACK, today + AHEAD)).order_by("due_on", "pk"))
    last = feed.last_used_at
    if found and (last is None or timezone.localdate(last) < today):
        user.saw_among_others({row.student_id for row in found}, "calendar feed", "own calendar")
    if last is None or timezone.now() - last >= USED_AGAIN:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=timezone.now())
    return found
