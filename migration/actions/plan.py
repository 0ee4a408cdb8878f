"""Putting the calendar in force, moving it, and beginning view-only mode by hand."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from migration.access import check_may_run
from migration.calendar_of import calendar_of
from migration.models import RolloverCalendar
from migration.zoned import moment_in
from organizations.models import State
from security.actions.view_only import LEAD, begin_by_hand, plan_view_only
from security.models import User
from security.refusals import RuleBroken

ORDER = ("freeze_at", "transfer_at", "checks_at", "acceptance_at", "go_live_at")


@transaction.atomic
def plan_rollover(
    *, by: User, state: State, reason: str = "", **instants: datetime | None
) -> RolloverCalendar:
    """The instants named in ORDER; `acceptance_at` may be open. A freeze in the past takes effect at once.

    Raises RuleBroken when they do not follow each other, after the go-live, or when a freeze that has begun
    is moved without a reason.
    """
    check_may_run(by)
    calendar = calendar_of(state) or RolloverCalendar(of_state=state)
    _check_can_be_moved(calendar, instants, reason)
    _check_order(instants)
    calendar.__dict__.update(instants)
    calendar.view_only = plan_view_only(
        since=calendar.freeze_at, until=calendar.go_live_at, zone=calendar.zone, by=by, reason=reason
    )
    calendar.planned_by = by
    calendar.save()
    freeze, go_live = (moment_in(at, calendar.zone) for at in (calendar.freeze_at, calendar.go_live_at))
    record(
        "ROLLOVER_PLANNED", f"Planned the rollover: freeze {freeze}, go-live {go_live}", by=by, reason=reason
    )
    return calendar


@transaction.atomic
def shut_by_hand(
    *, by: User, calendar: RolloverCalendar, reason: str, lead: timedelta = LEAD
) -> RolloverCalendar:
    """Everything is view only a minute from now, before the planned freeze. Raises RuleBroken."""
    check_may_run(by)
    reason = reason.strip()
    if not reason:
        raise RuleBroken("Say why the records become view only before the freeze.", "reason")
    if calendar.is_live:
        raise RuleBroken("The system is live. Roll back first.")
    if calendar.view_only.since <= timezone.now():
        raise RuleBroken("The records are view only already.")
    calendar.view_only = begin_by_hand(calendar.view_only, by=by, reason=reason, lead=lead)
    record("VIEW_ONLY_BY_HAND", "Made the records view only by hand", by=by, reason=reason)
    return calendar


def _check_can_be_moved(calendar: RolloverCalendar, instants: dict, reason: str) -> None:
    if calendar.is_live:
        raise RuleBroken("The system is live: its calendar stays as it was.")
    begun = calendar.pk and calendar.view_only.since <= timezone.now()
    if begun and instants["freeze_at"] != calendar.freeze_at and not reason.strip():
        raise RuleBroken("The freeze has begun. Say why it is moved.", "reason")


def _check_order(instants: dict[str, datetime | None]) -> None:
    for name in ORDER:
        if instants.get(name) is None and name != "acceptance_at":
            raise RuleBroken("Say when this phase begins.", name)
    given = [(name, instants[name]) for name in ORDER if instants.get(name)]
    for (_, earlier), (name, later) in zip(given, given[1:], strict=False):
        if later < earlier or (name == "go_live_at" and later == earlier):  # type: ignore[operator]
            raise RuleBroken("This comes after the phase before it.", name)
