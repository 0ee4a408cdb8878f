"""Go-live: data entry resumes, the legacy system stays off (RLO-16, RLO-17)."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from journal.actions import record
from migration.access import check_may_run
from migration.actions.plan import plan_rollover
from migration.blocking import latest_run_of, what_blocks_go_live
from migration.calendar_of import calendar_of, proposed
from migration.models import LoadRun, RolloverCalendar
from organizations.models import State
from security.actions.view_only import end_view_only
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def go_live(*, by: User, state: State) -> RolloverCalendar:
    """From the commit on everybody may write. Raises RuleBroken with everything that is missing."""
    check_may_run(by)
    now = timezone.now()
    calendar = calendar_of(state) or _as_proposed(by, state)
    if calendar:
        _alone_with(calendar)
    if blockers := what_blocks_go_live(calendar, now):
        raise RuleBroken(" ".join(blocker.sentence for blocker in blockers))
    assert calendar
    return _live(by, calendar, now)


def _as_proposed(by: User, state: State) -> RolloverCalendar | None:
    """Who never put the calendar in force goes live by the state profile, with the freeze of the run."""
    instants = proposed(state)
    run = LoadRun.objects.that_load().filter(of_state=state).first()
    if run:
        instants["freeze_at"] = run.freeze
    if not instants["freeze_at"] or not instants["go_live_at"]:
        return None
    return plan_rollover(by=by, state=state, **instants)


def _alone_with(calendar: RolloverCalendar) -> None:
    """No run begins meanwhile that was not looked at."""
    RolloverCalendar.objects.select_for_update().get(pk=calendar.pk)
    list(LoadRun.objects.filter(of_state=calendar.of_state_id).select_for_update(of=("self",)))


def _live(by: User, calendar: RolloverCalendar, now: datetime) -> RolloverCalendar:
    calendar.live_run, calendar.went_live_at = latest_run_of(calendar), now
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        calendar.writes_until = cursor.fetchone()[0]
    calendar.save(update_fields=["live_run", "went_live_at", "writes_until"])
    end_view_only(calendar.view_only)
    record("ROLLOVER_WENT_LIVE", f"Went live with rollover run {calendar.live_run.pk}", by=by)  # type: ignore[union-attr]
    return calendar
