"""What stands between a run and its acceptance, and between a calendar and its go-live: sentences.

Another check is a function of a run that gives a sentence or '', added to `CHECKS` with who has to act.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from migration.accounting.signed_off import signed_off
from migration.following import fatal_findings_open
from migration.models import Acceptance, LoadRun, Party, RolloverCalendar, RunState
from migration.rules.cutover_phases import CutoverPhase, cutover_phases
from migration.zoned import moment_in
from security import scope

WHO_ACCEPTS = {Party.SEA: "a state administrator", Party.VENDOR: "support, for the vendor"}


@dataclass(frozen=True)
class Blocker:
    """`phase` is the one that it keeps from ending; `who` has to act."""

    phase: CutoverPhase
    sentence: str
    who: str


def what_blocks(run: LoadRun) -> list[str]:
    """Why this run cannot be accepted; empty when it can."""
    return [blocker.sentence for blocker in blockers_of(run)]


def blockers_of(run: LoadRun) -> list[Blocker]:
    """As `what_blocks`, with who has to act."""
    said = ((phase, check(run), who or cutover_phases()[phase].who) for phase, who, check in CHECKS)
    return [Blocker(*each) for each in said if each[1]]


def what_blocks_go_live(calendar: RolloverCalendar | None, now: datetime) -> list[Blocker]:
    """Everything that is missing, in the order of the phases (RLO-16)."""
    if calendar is None:
        return [_missing(CutoverPhase.FREEZE, "No calendar says when the go-live is.")]
    if calendar.is_live:
        return [_missing(CutoverPhase.GO_LIVE, "The system is live already.")]
    run = latest_run_of(calendar)
    of_run = _of_run(calendar, run) if run else [_no_run()]
    return [*_another_under_way(run), *of_run, *_too_early(calendar, now)]


def latest_run_of(calendar: RolloverCalendar) -> LoadRun | None:
    """An acceptance of an earlier run does not count (RLO-16); a run that loads nothing changes nothing."""
    return LoadRun.objects.that_load().filter(of_state=calendar.of_state_id).first()


def acceptance_by(run: LoadRun) -> dict[Party, Acceptance]:
    """Who has accepted, by party."""
    standing = run.acceptances.standing().select_related("by")
    return {Party(row.party): row for row in standing}


def _not_reconciled(run: LoadRun) -> str:
    if run.state == RunState.DONE:
        return ""
    if not run.is_over:
        return f"Run {run.pk} is under way."
    return f"Run {run.pk} is not reconciled: {run.get_state_display()}."


def _fatal_findings(run: LoadRun) -> str:
    """Also for the vendor, who sees no row of them."""
    with scope.elevated():
        fatal = fatal_findings_open(run)
        number = fatal.count()
        rules = ", ".join(fatal.order_by("rule").values_list("rule", flat=True).distinct())
    if not number:
        return ""
    return f"Run {run.pk} has {number:,} fatal finding{'s' if number > 1 else ''} ({rules})."


def _sample_sheet(run: LoadRun) -> str:
    if signed_off(run):
        return ""
    return f"The sample sheet of run {run.pk} is not signed off (DQ-101)."


Check = Callable[[LoadRun], str]
CHECKS: list[tuple[CutoverPhase, str, Check]] = [
    (CutoverPhase.TRANSFER, "", _not_reconciled),
    (CutoverPhase.CHECKS, "", _fatal_findings),
    (CutoverPhase.CHECKS, "State administrator and vendor", _sample_sheet),
]


def _missing(phase: CutoverPhase, sentence: str) -> Blocker:
    return Blocker(phase, sentence, cutover_phases()[phase].who)


def _no_run() -> Blocker:
    return _missing(CutoverPhase.TRANSFER, "No extract is loaded yet.")


def _another_under_way(run: LoadRun | None) -> list[Blocker]:
    """It would go on writing after the go-live."""
    others = LoadRun.objects.unfinished().exclude(pk=run.pk if run else None)
    return [_missing(CutoverPhase.TRANSFER, f"Run {other.pk} is under way.") for other in others]


def _of_run(calendar: RolloverCalendar, run: LoadRun) -> list[Blocker]:
    return [*_other_freeze(calendar, run), *blockers_of(run), *_not_accepted(run)]


def _other_freeze(calendar: RolloverCalendar, run: LoadRun) -> list[Blocker]:
    if run.freeze == calendar.freeze_at:
        return []
    its, ours = moment_in(run.freeze, calendar.zone), moment_in(calendar.freeze_at, calendar.zone)
    sentence = f"Run {run.pk} was loaded for a freeze on {its}, the calendar says {ours}."
    return [_missing(CutoverPhase.TRANSFER, sentence)]


def _not_accepted(run: LoadRun) -> list[Blocker]:
    accepted = acceptance_by(run)
    return [
        Blocker(
            CutoverPhase.ACCEPTANCE,
            f"Run {run.pk} is not accepted by the {party.label}.",
            WHO_ACCEPTS[party].capitalize(),
        )
        for party in Party
        if party not in accepted
    ]


def _too_early(calendar: RolloverCalendar, now: datetime) -> list[Blocker]:
    if now >= calendar.go_live_at:
        return []
    when = moment_in(calendar.go_live_at, calendar.zone)
    return [Blocker(CutoverPhase.GO_LIVE, f"The go-live is not before {when}.", "The clock")]
