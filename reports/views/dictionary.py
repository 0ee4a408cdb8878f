"""The data dictionary as a page and as a file: it tells of fields, never of children."""

import csv
from dataclasses import astuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reports.dictionary import COLUMNS, Described, dictionary, records
from rulebook.formulas import guarded
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell

RESOURCES = {
    "studentSpecialEducationProgramEligibilityAssociations": "eligibility",
    "studentSpecialEducationProgramAssociations": "program",
}
SHOWN = (
    Column("field", "Field"),
    Column("meaning", "Meaning"),
    Column("values", "Values"),
    Column("entered", "Entered by"),
    Column("goes", "Where it goes"),
    Column("authority", "Authority"),
)


@require_safe
@login_required
def show(request: HttpRequest) -> HttpResponse:
    state = _state(request)
    page = take(_chosen(state), state)
    shown = Page(page.state, [_row(row) for row in page.rows], page.count, page.has_next)
    return render(
        request, "reports/dictionary.html", {"page": shown, "state": page.state, "file": _file(state)}
    )


@require_safe
@login_required
def download(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="data-dictionary.csv"'},
    )
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    writer.writerows([guarded(cell) for cell in astuple(row)] for row in _chosen(_state(request)))
    return answer


def _state(request: HttpRequest) -> ListState:
    offered = (Filter("words", "Words", wide=True), Filter("record", "Record", _records()))
    return ListState.read(request.GET, SHOWN, filters=offered)


def _records() -> list[tuple[str, str]]:
    return [("", "All"), *((name, name) for name in records())]


def _chosen(state: ListState) -> list[Described]:
    return dictionary(state.chosen.get("words", ""), state.chosen.get("record", ""))


def _file(state: ListState) -> str:
    return f"{reverse('reports:dictionary_csv')}?{urlencode(dict(state.chosen))}"


def _at_the_state(path: str) -> str:
    """The field alone, beneath the record that it is in; the whole path stands in the file."""
    resource, _, field = path.partition(".")
    return f"Ed-Fi {RESOURCES[resource]}: {field.replace('.', ' › ')}" if path else ""


def _row(row: Described) -> dict[str, object]:
    table = reverse("rulebook:table", args=[row.codes]) if row.codes else ""
    return {
        "field": Cell(row.field, sub=row.record),
        "meaning": Cell(row.meaning, sub=row.kind),
        "values": Cell("Codes", url=table) if table else row.values,
        "entered": row.entered_by,
        "goes": Cell(row.federal, sub=_at_the_state(row.edfi)),
        "authority": row.authority,
    }
