"""One run: its progress, then every record accounted for and the findings by rule."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jobs.actions import enqueue
from migration.access import check_may_run
from migration.account import UNKNOWN_TYPE
from migration.accounting.signed_off import why_not_signed_off
from migration.actions import load_what_was_checked, resume_rollover
from migration.following import fatal_findings_open
from migration.models import LoadRun, Phase, RecordCount, RunState
from migration.reconciliation import MEASURES
from migration.rules.findings import Severity, quality_rules
from migration.rules.records import record_types
from migration.tasks import TASK
from migration.views.runs import status_of
from security.refusals import RuleBroken
from ui import parts
from ui.charts import Stack

DRY = [Phase.STAGE, Phase.CHECK]
SILENT_SECONDS = 120
INKS = {Severity.FATAL: "bad", Severity.ERROR: "warn", Severity.WARNING: "soft"}
TONES = {Severity.FATAL: "bad", Severity.ERROR: "warn", Severity.WARNING: "info"}
STACK_INKS = (
    ("accent", "migrated"),
    ("soft", "archived"),
    ("warn", "rejected"),
    ("bad", "unaccounted for"),
)
INK_MEANINGS = (
    ("bad", "Fatal: blocks go-live"),
    ("warn", "Error: to be fixed"),
    ("soft", "Warning: to be known"),
)


@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    check_may_run(request.user)
    found = get_object_or_404(LoadRun.objects.select_related("job", "of_state"), pk=run_id)
    return render(request, "migration/run.html", _context(found))


@require_safe
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The progress panel, asked for again while the run goes on; at its end the page is loaded anew."""
    check_may_run(request.user)
    found = get_object_or_404(LoadRun.objects.select_related("job"), pk=run_id)
    answer = render(request, "migration/progress.html", _progress(found))
    if found.is_over:
        answer.headers["HX-Refresh"] = "true"
    return answer


@require_POST
def go_on(request: HttpRequest, run_id: int) -> HttpResponse:
    found = get_object_or_404(LoadRun, pk=run_id)
    try:
        resume_rollover(by=request.user, run=found)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        enqueue(found.job, TASK)
    return redirect("migration:run", found.pk)


@require_POST
def load_checked(request: HttpRequest, run_id: int) -> HttpResponse:
    """Loads the extract of a dry run, if it is still the same."""
    checked = get_object_or_404(LoadRun.objects.select_related("of_state", "document"), pk=run_id)
    try:
        with transaction.atomic():
            loading = load_what_was_checked(by=request.user, run=checked)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("migration:run", checked.pk)
    enqueue(loading.job, TASK)
    return redirect("migration:run", loading.pk)


def label_of(record_type: str) -> str:
    if record_type == UNKNOWN_TYPE:
        return "Unknown record type"
    return record_types()[record_type].label if record_type in record_types() else "The run"


def _context(run: LoadRun) -> dict[str, object]:
    counts = list(run.record_counts.all())
    names = {"000": "No district", **dict(run.of_state.districts.values_list("code", "name"))}
    return {
        **_progress(run),
        "heading": f"run {run.pk}",
        "explained": _explained(run),
        "phase": "Checked" if run.state == RunState.CHECKED else run.get_phase_display(),
        "ink_meanings": INK_MEANINGS,
        "status": status_of(run),
        "accounts": [(label_of(count.record_type), count, _result(count)) for count in counts],
        "total": _total(counts),
        "totals": [
            (code, names.get(code, code), [(name, at[name]) for name in MEASURES])
            for code, at in run.control_totals.items()
        ],
        "stacks": [_stack(count) for count in counts if count.extracted],
        "stack_inks": STACK_INKS,
        "sheet_blockers": why_not_signed_off(run) if run.state == RunState.DONE else [],
        "measures": MEASURES.values(),
        "findings": findings_by_rule(run),
        "finding_count": run.findings.count(),
        "blockers": _blockers(run),
        "vanished": run.vanished_rows.count(),
        "kept": run.kept_rows.count(),
    }


def _stack(count: RecordCount) -> Stack:
    parts = [(name, getattr(count, name), ink) for ink, name in STACK_INKS if name != "unaccounted for"]
    lost = ("unaccounted for", max(count.difference, 0), "bad")
    return Stack(label_of(count.record_type), [*parts, lost])


def _explained(run: LoadRun) -> str:
    taken = f"{timezone.localtime(run.extracted_at, ZoneInfo(run.of_state.time_zone)):%b %-d, %Y, %H:%M}"
    leave = "" if run.is_over else " You may leave this page: the run goes on."
    return f"Extract {run.file_name} of {taken}.{leave}"


def _progress(run: LoadRun) -> dict[str, object]:
    return {"run": run, "job": run.job, "phases": _phases(run), "silent": _is_silent(run)}


def _phases(run: LoadRun) -> list[parts.Phase]:
    order = DRY if run.dry_run else [phase for phase in Phase if phase != Phase.OVER]
    now = list(Phase).index(Phase(run.phase))
    return [
        parts.Phase(phase.label, _place(place, now), _note(run, phase)) for place, phase in enumerate(order)
    ]


def _place(place: int, now: int) -> str:
    return "done" if place < now else "now" if place == now else "todo"


def _note(run: LoadRun, phase: Phase) -> str:
    match phase:
        case Phase.STAGE if run.lines:
            return f"{run.lines:,} lines"
        case Phase.CHECK if run.chunks:
            return f"{len(quality_rules())} rules"
        case Phase.LOAD if run.chunks:
            return f"{run.chunks_done:,} of {run.chunks:,} parts"
    return ""


def _is_silent(run: LoadRun) -> bool:
    """No worker has been heard of for a while: somebody may let the run go on."""
    if run.state == RunState.FAILED:
        return True
    heard = run.job.heard_at or run.started_at
    return not run.is_over and (timezone.now() - heard).total_seconds() > SILENT_SECONDS


def _result(count: RecordCount) -> parts.Status:
    if count.difference:
        return parts.Status("bad", f"{count.difference:,} unaccounted for")
    return parts.Status("good", "agrees")


def _total(counts: list[RecordCount]) -> dict[str, int]:
    names = ("extracted", "migrated", "archived", "rejected", "difference")
    return {name: sum(getattr(count, name) for count in counts) for name in names}


def findings_by_rule(run: LoadRun) -> list[dict[str, Any]]:
    """Rules with findings, most findings first, with the bar's share of the longest."""
    numbers = {
        row["rule"]: row["n"] for row in run.findings.order_by().values("rule").annotate(n=Count("pk"))
    }
    most = max(numbers.values(), default=1)
    return [
        {
            "rule": quality_rules()[rule],
            "number": number,
            "share": number / most,
            "ink": INKS[quality_rules()[rule].severity],
            "status": parts.Status(TONES[quality_rules()[rule].severity], quality_rules()[rule].severity),
        }
        for rule, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    ]


def _blockers(run: LoadRun) -> list[str]:
    """Why this run may not go live (RLO-14), a sentence for each rule with fatal findings that are open."""
    counted = fatal_findings_open(run).order_by("rule").values("rule").annotate(n=Count("pk"))
    return [f"{row['n']:,} × {quality_rules()[row['rule']].title} ({row['rule']})." for row in counted]
