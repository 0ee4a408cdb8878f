"""The calendar of a state: the one in force, or the one that its profile proposes."""

from datetime import datetime, time, timedelta

from migration.models import RolloverCalendar
from organizations.models import State
from organizations.rules.profiles import Profile, state_profile


def calendar_of(state: State | None) -> RolloverCalendar | None:
    """The calendar in force; without one nothing is ever view only."""
    rows = RolloverCalendar.objects.select_related("of_state", "view_only", "live_run")
    return rows.filter(of_state=state).first() if state else None


def proposed(state: State) -> dict[str, datetime | None]:
    """The instants that the state profile names. Transfer and checks begin on the day after the freeze
    (eSER go-live 2022: "July 25-31"); when the acceptance begins stands nowhere, so it is left open.
    """
    profile = state_profile(Profile(state.profile))
    freeze, day_after = profile.freeze, None
    if freeze:
        day_after = datetime.combine(freeze.date() + timedelta(days=1), time(), profile.zone)
    return {
        "freeze_at": freeze,
        "transfer_at": day_after,
        "checks_at": day_after,
        "acceptance_at": None,
        "go_live_at": profile.go_live,
    }
