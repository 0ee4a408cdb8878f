"""The findings of one run, as they were noted then: what a number of the picture over the runs stands for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from migration.child_of_record import children_of
from migration.findings_access import cases_seen_by
from migration.findings_over_runs import findings_seen_by
from migration.models import Finding, LoadRun
from migration.rules.findings import Severity, quality_rules
from migration.views.cases import for_those_who_see_findings, state_of
from migration.views.over_runs import _filters
from migration.views.run import TONES, label_of
from students.facts import child_cell
from ui.lists import Column, ListState, Page, count_up_to, take
from ui.parts import Cell, Status

COLUMNS = (
    Column("line", "Line", "line", numeric=True),
    Column("finding", "Finding", "rule"),
    Column("record", "Record"),
    Column("child", "Child"),
    Column("severity", "Severity", "severity"),
    Column("now", "Now"),
)


@require_safe
@for_those_who_see_findings
def run_findings(request: HttpRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(LoadRun, pk=run_id)
    state = ListState.read(request.GET, COLUMNS, filters=_filters(request)[:2], default_sort="line")
    found = findings_seen_by(request.user).filter(run=run, **state.chosen)
    page = take(found.order_by(*state.order_by()), state, count_up_to(found))
    children = children_of(request.user, [(row.record_type, row.key) for row in page.rows])
    request.user.saw_among_others([child.pk for child in children.values()], "findings of the rollover")
    cases = _cases(request, page.rows)
    rows = [_shown(row, children.get((row.record_type, row.key)), cases) for row in page.rows]
    context = {"run": run, "state": state, "page": Page(page.state, rows, page.count, page.has_next)}
    return render(request, "migration/run_findings.html", context)


def _cases(request: HttpRequest, rows) -> dict[tuple[str, str, str], object]:
    keys = {row.key for row in rows}
    found = cases_seen_by(request.user).filter(key__in=keys)
    return {(case.rule, case.record_type, case.key): case for case in found}


def _shown(row: Finding, child, cases) -> dict[str, object]:
    rule, case = quality_rules()[row.rule], cases.get((row.rule, row.record_type, row.key))
    url = reverse("migration:case", args=[case.pk]) if case else ""
    return {
        "line": row.line,
        "finding": Cell(rule.title, url=url, sub=row.rule),
        "record": Cell(label_of(row.record_type), sub=" · ".join(filter(None, [row.key, row.value]))),
        "child": child_cell(child, sub=child.state_student_id) if child else "not here",
        "severity": Cell(status=Status(TONES[Severity(row.severity)], row.severity)),
        "now": Cell(status=state_of(case)) if case else "",
    }
