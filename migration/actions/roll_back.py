"""Back behind the go-live, while nobody has written (RLO-18)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from migration.access import check_may_run
from migration.models import RolloverCalendar
from migration.written_since import written_since
from security import scope
from security.actions.view_only import let_nobody_write, plan_view_only
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def roll_back(*, by: User, calendar: RolloverCalendar, reason: str, go_live_at: datetime) -> RolloverCalendar:
    """View only again until the new go-live, and no run is accepted. Raises RuleBroken, with the counts by
    kind when something was written.
    """
    check_may_run(by)
    calendar = RolloverCalendar.objects.select_for_update(of=("self",)).get(pk=calendar.pk)
    _check_can(calendar, reason, go_live_at)
    let_nobody_write()
    with scope.elevated():
        counted = written_since(calendar)
    if counted:
        raise RuleBroken(f"A roll-back would lose what was written since the go-live: {in_words(counted)}.")
    now, run = timezone.now(), calendar.live_run
    calendar.live_run = calendar.went_live_at = None
    calendar.writes_until = ""
    calendar.go_live_at = go_live_at
    calendar.view_only = plan_view_only(since=now, until=go_live_at, zone=calendar.zone, by=by, reason=reason)
    calendar.save()
    run.acceptances.standing().update(withdrawn_at=now)  # type: ignore[union-attr]
    record("ROLLOVER_ROLLED_BACK", "Rolled back the go-live", by=by, reason=reason)
    return calendar


def in_words(counted: dict[str, int]) -> str:
    return ", ".join(f"{kind} {number:,}" for kind, number in counted.items())


def _check_can(calendar: RolloverCalendar, reason: str, go_live_at: datetime) -> None:
    if not calendar.is_live:
        raise RuleBroken("The system is not live: there is nothing to roll back.")
    if not reason.strip():
        raise RuleBroken("Say why the go-live is rolled back.", "reason")
    if go_live_at <= timezone.now():
        raise RuleBroken("The new go-live is in the future.", "go_live_at")
