"""Alarm clocks of the deadlines: count what is marked, and follow a rule that changed."""

from celery import shared_task

from caseload.actions import dirty, remind
from security import scope


@shared_task(name="caseload.tasks.count_deadlines")
def count_deadlines() -> None:
    """May run twice: one counts at a time, and the other finds nothing left."""
    dirty.count_marked()


@shared_task(name="caseload.tasks.follow_rules")
def follow_rules() -> None:
    """Every night; and the days on which special education ends."""
    with scope.system():
        dirty.mark_outdated()
        dirty.mark_ended()


@shared_task(name="caseload.tasks.remind_of_deadlines")
def remind_of_deadlines() -> int:
    """Each morning, who asked for it."""
    return remind.remind_all()


@shared_task(name="caseload.tasks.send_digests")
def send_digests() -> int:
    """Each Monday, who asked for it."""
    return remind.digest_all()
