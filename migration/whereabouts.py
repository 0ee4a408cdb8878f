"""Where a rollover is: the phase of now, what keeps it from the next one, and who has to act."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from migration.blocking import Blocker, acceptance_by, blockers_of, latest_run_of, what_blocks_go_live
from migration.models import Acceptance, LoadRun, Party, RolloverCalendar
from migration.rules.cutover_phases import CutoverPhase
from organizations.models import State


@dataclass(frozen=True)
class Whereabouts:
    """`phase` is None once the system is live. `blockers` are all of them, in the order of the phases; those
    of `phase` are to be dealt with first.
    """

    calendar: RolloverCalendar
    now: datetime
    phase: CutoverPhase | None
    run: LoadRun | None
    accepted: dict[Party, Acceptance]
    blockers: list[Blocker]

    @property
    def is_view_only(self) -> bool:
        return not self.calendar.is_live and self.calendar.view_only.since <= self.now

    @property
    def next_step(self) -> list[Blocker]:
        """What keeps the phase of now from ending."""
        return [blocker for blocker in self.blockers if blocker.phase == self.phase]


def whereabouts(calendar: RolloverCalendar, now: datetime) -> Whereabouts:
    """As it stands at `now`."""
    run = latest_run_of(calendar)
    blockers = what_blocks_go_live(calendar, now)
    return Whereabouts(
        calendar=calendar,
        now=now,
        phase=_phase(calendar, now, blockers),
        run=run,
        accepted=acceptance_by(run) if run else {},
        blockers=[] if calendar.is_live else blockers,
    )


def _phase(calendar: RolloverCalendar, now: datetime, blockers: list[Blocker]) -> CutoverPhase | None:
    """The first phase that something keeps from ending; before the freeze that one."""
    if calendar.is_live:
        return None
    if calendar.view_only.since > now:
        return CutoverPhase.FREEZE
    order = list(CutoverPhase)
    return min((blocker.phase for blocker in blockers), key=order.index, default=CutoverPhase.GO_LIVE)


def as_json(found: Whereabouts) -> dict[str, object]:
    """For programs; instants in ISO 8601 with the zone of the state."""
    calendar, state, accepted = found.calendar, found.calendar.of_state, found.accepted
    return {
        "state": state.code,
        "phase": found.phase.value if found.phase else "live",
        "view_only": found.is_view_only,
        "freeze": _iso(state, calendar.freeze_at),
        "go_live": _iso(state, calendar.go_live_at),
        "live_since": _iso(state, calendar.went_live_at),
        "run": found.run.pk if found.run else None,
        "accepted": {party.value: _acceptance(state, accepted.get(party)) for party in Party},
        "blocked_by": _blocked(found.blockers),
    }


def without_calendar(state: State) -> dict[str, object]:
    """As `as_json`, for a state whose calendar is not in force: what its run alone tells."""
    run = LoadRun.objects.that_load().filter(of_state=state).first()
    accepted = acceptance_by(run) if run else {}
    blocked = blockers_of(run) if run else []
    return {
        "state": state.code, "phase": None, "view_only": False, "freeze": None, "go_live": None,
        "live_since": None, "run": run.pk if run else None,
        "accepted": {party.value: _acceptance(state, accepted.get(party)) for party in Party},
        "blocked_by": _blocked([*blocked, *what_blocks_go_live(None, timezone.now())]),
    }  # fmt: skip


def _blocked(blockers: list[Blocker]) -> list[dict[str, str]]:
    return [{"phase": row.phase.value, "sentence": row.sentence, "who": row.who} for row in blockers]


def _acceptance(state: State, row: Acceptance | None) -> dict[str, object] | None:
    return {"by": row.by.get_username(), "at": _iso(state, row.at)} if row else None


def _iso(state: State, instant: datetime | None) -> str | None:
    return instant.astimezone(ZoneInfo(state.time_zone)).isoformat(timespec="seconds") if instant else None
