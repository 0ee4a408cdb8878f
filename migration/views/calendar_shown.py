"""The calendar as the page shows it: phases, a picture of their days, and who has accepted."""

from datetime import date, datetime, timedelta

from migration.blocking import WHO_ACCEPTS
from migration.models import Party, RolloverCalendar
from migration.rules.cutover_phases import CutoverPhase, CutoverPhaseRow, cutover_phases
from migration.whereabouts import Whereabouts, whereabouts
from migration.zoned import moment_in
from ui.charts import Lane, Span
from ui.dates import in_words
from ui.parts import Phase, Status

DONE, NOW, TODO = "done", "now", "todo"
STATUS = {DONE: Status("good", "done"), NOW: Status("info", "now"), TODO: Status("quiet", "to come")}


def shown(calendar: RolloverCalendar, now: datetime, parties: list[Party]) -> dict[str, object]:
    """`parties`: for whom the reader may accept."""
    found = whereabouts(calendar, now)
    lanes = _lanes(calendar)
    days = [day for lane in lanes for span in lane.spans for day in (span.first, span.last) if day]
    today = now.astimezone(calendar.zone).date()
    return {
        "calendar": calendar,
        "found": found,
        "where": _where(found),
        "phases": [_step(found, row) for row in cutover_phases().values()],
        "table": [_row(found, row) for row in cutover_phases().values()],
        "lanes": lanes,
        "lanes_text": _text(lanes),
        "first": min(days) - timedelta(days=1),
        "last": max(days) + timedelta(days=1),
        "today": today,
        "zone": calendar.of_state.time_zone,
        "acceptances": [_acceptance(found, party, may=party in parties) for party in Party],
        "run_name": str(found.run.pk) if found.run else "",
        "live_since": moment_in(calendar.went_live_at, calendar.zone) if calendar.went_live_at else "",
    }


def _where(found: Whereabouts) -> str:
    if found.phase is None:
        return "The system is live, and the legacy system stays off for good."
    mode = "All records are view only" if found.is_view_only else "Records can be written until the freeze"
    return f"{mode}. Now: {cutover_phases()[found.phase].title}."


def _state_of(found: Whereabouts, phase: CutoverPhase) -> str:
    if found.phase is None:
        return DONE
    order = list(CutoverPhase)
    place, now = order.index(phase), order.index(found.phase)
    return DONE if place < now else NOW if place == now else TODO


def _step(found: Whereabouts, row: CutoverPhaseRow) -> Phase:
    begins = _begins(found.calendar, row.phase)
    return Phase(row.title, _state_of(found, row.phase), begins)  # type: ignore[arg-type]


def _row(found: Whereabouts, row: CutoverPhaseRow) -> dict[str, object]:
    state = _state_of(found, row.phase)
    return {
        "title": row.title,
        "begins": _begins(found.calendar, row.phase),
        "ends_when": row.ends_when,
        "who": row.who,
        "status": STATUS[state],
        "blockers": [blocker for blocker in found.blockers if blocker.phase == row.phase],
    }


def _begins(calendar: RolloverCalendar, phase: CutoverPhase) -> str:
    instant = getattr(calendar, f"{phase.value}_at")
    return moment_in(instant, calendar.zone) if instant else "when the checks are done"


def _acceptance(found: Whereabouts, party: Party, *, may: bool) -> dict[str, object]:
    if row := found.accepted.get(party):
        when = moment_in(row.at, found.calendar.zone)
        return {"party": party, "status": Status("good", "accepted"), "sub": f"by {row.by}, {when}"}
    sub = f"waits for {WHO_ACCEPTS[party]}"
    return {"party": party, "status": Status("warn", "open"), "sub": sub, "may": may}


def _lanes(calendar: RolloverCalendar) -> list[Lane]:
    """A lane for view-only mode and one for each phase between freeze and go-live."""

    def day(instant: datetime) -> date:
        return instant.astimezone(calendar.zone).date()

    live = day(calendar.went_live_at or calendar.go_live_at)
    checked = day(calendar.acceptance_at or calendar.go_live_at)
    rows = [
        ("View only", day(calendar.view_only.since), live, "accent"),
        ("Transfer", day(calendar.transfer_at), checked, "soft"),
        ("Checks", day(calendar.checks_at), checked, "soft"),
        ("Acceptance", checked, live, "soft"),
    ]
    return [
        Lane(name, [Span(first, last, f"{in_words(first)} to {in_words(last)}", ink)])  # type: ignore[arg-type]
        for name, first, last, ink in rows
        if first < last
    ]


def _text(lanes: list[Lane]) -> str:
    return " ".join(f"{lane.name}: {lane.spans[0].label}." for lane in lanes)
