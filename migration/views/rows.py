"""The rows behind a number: rejected lines, and findings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from migration.access import check_may_run
from migration.child_of_record import children_of
from migration.models import Finding, KeptRow, LoadRun, RejectedRow, VanishedRow
from migration.rules.findings import quality_rules
from migration.rules.records import record_types
from migration.views.run import label_of
from students.models import Student
from ui.lists import Column, Filter, ListState, take
from ui.parts import Cell

REJECTED = (
    Column("line", "Line", sort="line", numeric=True),
    Column("kind", "Record"),
    Column("reason", "Why"),
    Column("hint", "What to do"),
    Column("original", "As it stood in the extract"),
)
FINDINGS = (
    Column("line", "Line", sort="line", numeric=True),
    Column("kind", "Record"),
    Column("rule", "Rule", sort="rule"),
    Column("value", "Value"),
    Column("hint", "What to do"),
)
VANISHED = (
    Column("kind", "Record"),
    Column("why", "Why it is listed"),
    Column("written_in", "Loaded by", numeric=True),
)
CHANGED = (
    Column("kind", "Record"),
    Column("child", "Child"),
    Column("who", "Changed here by"),
    Column("when", "When"),
)
KEPT = "Each row names its rule and what to do. Nothing is lost: the extract itself is kept."
STILL_HERE = (
    "An earlier extract brought these records, and they are still here. Decide about each with its district."
)
LEFT_AS_THEY_ARE = (
    "Somebody has written these records here since they were loaded, and this extract says something else."
    " They stand as that person left them. Decide about each: open the child, and put right what the extract"
    " knows better."
)
TYPE_CHOICES = [("", "All"), *((row.code, row.label) for row in record_types().values())]
RULE_CHOICES = [("", "All"), *((rule.id, f"{rule.id} {rule.title}") for rule in quality_rules().values())]
BY_TYPE = Filter("type", "Record type", TYPE_CHOICES)
BY_RULE = Filter("rule", "Rule", RULE_CHOICES, wide=True)


@require_safe
def rejected(request: HttpRequest, run_id: int) -> HttpResponse:
    return _list(request, run_id, RejectedRow, REJECTED, _rejected_row, "Rejected rows")


@require_safe
def findings(request: HttpRequest, run_id: int) -> HttpResponse:
    return _list(request, run_id, Finding, FINDINGS, _finding_row, "Findings")


@require_safe
def vanished(request: HttpRequest, run_id: int) -> HttpResponse:
    """What an earlier extract brought and this one does not load again; it is still here."""
    check_may_run(request.user)
    run = get_object_or_404(LoadRun, pk=run_id)
    state = ListState.read(request.GET, VANISHED, filters=(BY_TYPE,))
    chosen = {"record_type": state.chosen["type"]} if state.chosen.get("type") else {}
    page = take(run.vanished_rows.filter(**chosen), state)
    context = {
        "run": run,
        "heading": f"Run {run.pk}",
        "title": "Not in the later extract",
        "explained": STILL_HERE,
        "nothing": "Every record that an earlier extract brought is in this one too.",
        "state": page.state,
        "page": page,
        "rows": [_vanished_row(row) for row in page.rows],
    }
    return render(request, "migration/rows.html", context)


@require_safe
def kept(request: HttpRequest, run_id: int) -> HttpResponse:
    """What was changed here and in the later extract; it stands as it was changed here."""
    check_may_run(request.user)
    run = get_object_or_404(LoadRun, pk=run_id)
    state = ListState.read(request.GET, CHANGED, filters=(BY_TYPE,))
    chosen = {"record_type": state.chosen["type"]} if state.chosen.get("type") else {}
    page = take(run.kept_rows.filter(**chosen).select_related("written_by"), state)
    children = children_of(request.user, [(row.record_type, row.key) for row in page.rows])
    context = {
        "run": run,
        "heading": f"Run {run.pk}",
        "title": "Changed here and there",
        "explained": LEFT_AS_THEY_ARE,
        "state": page.state,
        "page": page,
        "rows": [_kept_row(row, children.get((row.record_type, row.key))) for row in page.rows],
    }
    return render(request, "migration/rows.html", context)


def _list(request: HttpRequest, run_id: int, model, columns, row_of, title: str) -> HttpResponse:
    check_may_run(request.user)
    run = get_object_or_404(LoadRun, pk=run_id)
    state = ListState.read(request.GET, columns, filters=(BY_TYPE, BY_RULE), default_sort="line")
    chosen = {"type": "record_type", "rule": "rule"}
    narrowed = {chosen[name]: value for name, value in state.chosen.items()}
    page = take(model.objects.filter(run=run, **narrowed).order_by(*state.order_by()), state)
    rows = [row_of(row) for row in page.rows]
    context = {
        "run": run,
        "heading": f"Run {run.pk}",
        "title": title,
        "explained": KEPT,
        "nothing": "No row of this run is listed here.",
        "state": page.state,
        "page": page,
        "rows": rows,
    }
    return render(request, "migration/rows.html", context)


def _rejected_row(row: RejectedRow) -> dict[str, object]:
    rule = quality_rules()[row.rule]
    why = Cell(rule.title, sub=f"the record it belongs to: {row.rule}" if row.cascaded else row.rule)
    return {
        "line": row.line,
        "kind": Cell(label_of(row.record_type), sub=row.key),
        "reason": why,
        "hint": rule.hint,
        "original": row.original,
    }


def _vanished_row(row: VanishedRow) -> dict[str, object]:
    return {
        "kind": Cell(label_of(row.record_type), sub=row.key),
        "why": row.get_why_display(),
        "written_in": Cell(f"run {row.written_in}", url=f"../../{row.written_in}/") if row.written_in else "",
    }


def _kept_row(row: KeptRow, child: Student | None) -> dict[str, object]:
    url = reverse("caseload:student", args=[child.pk]) if child else ""
    return {
        "kind": Cell(label_of(row.record_type), sub=row.key),
        "child": Cell("Live record", url=url) if child else "",
        "who": str(row.written_by) if row.written_by else "the system itself",
        "when": row.written_at,
    }


def _finding_row(row: Finding) -> dict[str, object]:
    rule = quality_rules()[row.rule]
    return {
        "line": row.line,
        "kind": Cell(label_of(row.record_type), sub=row.key),
        "rule": Cell(rule.id, sub=rule.title),
        "value": row.value,
        "hint": rule.hint,
    }
