"""Findings by rule and by district over the runs: a picture, and beside it the table that opens the rows."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from migration.findings_access import districts_of, runs_the_rollover
from migration.findings_over_runs import BY_DISTRICT, BY_RULE, OverRuns, Row, over_runs
from migration.rules.findings import Severity, quality_rules
from migration.views.cases import RULES, for_those_who_see_findings
from organizations.models import District
from ui.lists import Filter, ListState
from ui.stacks import Part, key_of, stacks_svg

DRAWN = (
    (Severity.FATAL, "bad", "plain", "Fatal: blocks go-live"),
    (Severity.ERROR, "warn", "hatched", "Error: to be fixed"),
    (Severity.WARNING, "soft", "dotted", "Warning: to be known"),
)
NAME = "over-runs"


@require_safe
@for_those_who_see_findings
def findings_over_runs(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, (), filters=_filters(request))
    chosen = state.chosen
    by = chosen.get("by", BY_RULE)
    found = over_runs(request.user, by=by, rule=chosen.get("rule", ""), district=chosen.get("district", ""))
    parts = [Part(s.value, ink, pattern, found.by_severity[s]) for s, ink, pattern, _ in DRAWN]
    labels = [f"Run {run}" for run in found.runs]
    title = _title(chosen)
    context = {
        "state": state,
        "is_state": runs_the_rollover(request.user),
        "found": found,
        "title": title,
        "picture": stacks_svg(NAME, title, labels, parts),
        "key": key_of(NAME, parts, [meaning for *_, meaning in DRAWN]),
        "heads": list(zip(found.runs, found.days, strict=True)),
        "rows": [(row, _cells(request, row, found, chosen, by)) for row in found.rows],
        "head": "Rule" if by == BY_RULE else "District",
    }
    return render(request, "migration/over_runs.html", context)


def _filters(request: HttpRequest) -> tuple[Filter, ...]:
    rows = District.objects.order_by("name")
    if not runs_the_rollover(request.user):
        rows = rows.filter(pk__in=districts_of(request.user))
    districts = [(str(row.pk), str(row)) for row in rows]
    return (
        Filter("rule", "Rule", RULES, wide=True),
        Filter("district", "District", [("", "Every district"), *districts]),
        Filter("by", "Rows", [("", "By rule"), (BY_DISTRICT, "By district")]),
    )


def _title(chosen) -> str:
    rule = f" of {chosen['rule']} {quality_rules()[chosen['rule']].title}" if "rule" in chosen else ""
    where = ""
    if "district" in chosen:
        where = f" in {District.objects.get(pk=chosen['district'])}"
    return f"Findings{rule}{where}, run by run"


def _cells(request: HttpRequest, row: Row, found: OverRuns, chosen, by: str) -> list[tuple[int, str]]:
    """Each number with the address of its rows; the findings of one run are the state's page."""
    asked = {name: chosen[name] for name in ("rule", "district") if name in chosen}
    asked |= {"rule" if by == BY_RULE else "district": row.key}
    cells = []
    for run, number in zip(found.runs, row.numbers, strict=True):
        address = reverse("migration:run_findings", args=[run]) + "?" + urlencode(asked)
        cells.append((number, address if number and row.key else ""))
    return cells
