"""The edit checks of a count: what each found, and which could not be made."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.federal.edit_checks import Checked, checked
from reports.rules.federal.tables import edit_checks
from reports.views.federal.found import found, status_of
from students.facts import child_cell, grouped
from students.models import Student
from ui.lists import Column, Count, Filter, ListState, Page, take
from ui.parts import Cell, Status

CHECKS = (
    Column("number", "Check"), Column("title", "What"), Column("standing", "Result"),
    Column("n", "Found", numeric=True),
)  # fmt: skip
FINDINGS = (Column("child", "Student"), Column("words", "What was found"))


@require_safe
def snapshot_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """All of them, with how many each found; `?check=` makes one alone and opens what it found."""
    this, asked = found(request, pk), request.GET.get("check", "")
    numbers = [row.number for row in edit_checks() if str(row.number) == asked]
    context = {"snapshot": this, "status": status_of(this)}
    made = checked(this, numbers)
    more = _findings(request, made[0]) if numbers else {"checks": _every(made)}
    return render(request, "reports/federal/checks.html", context | more)


def _every(made: Sequence[Checked]) -> Page:
    return Page(ListState(CHECKS), [_row(each) for each in made], Count(len(made)), False)


def _findings(request: HttpRequest, chosen: Checked) -> dict[str, object]:
    page = take(chosen.findings, ListState.read(request.GET, FINDINGS, filters=[Filter("check", "Check")]))
    children = Student.objects.in_bulk([each.student_id for each in page.rows if each.student_id])
    request.user.saw_among_others(children, "edit checks of a child count")
    rows = [{"child": _child(children.get(each.student_id or 0)), "words": each.words} for each in page.rows]
    return {
        "chosen": chosen, "standing": _standing(chosen), "page": replace(page, rows=rows),
        "heading": f"Check {chosen.check.number}: {chosen.check.title}",
    }  # fmt: skip


def _row(each: Checked) -> dict[str, object]:
    row, n = each.check, len(each.findings)
    url = f"?check={row.number}" if n else ""
    return {
        "number": row.number, "title": Cell(row.title, url, row.what),
        "standing": Cell(status=_standing(each), sub=each.why_not), "n": n or "",
    }  # fmt: skip


def _standing(each: Checked) -> Status:
    if each.why_not:
        return Status("quiet", "not looked at")
    return Status("bad", "look at it") if each.findings else Status("good", "agrees")


def _child(child: Student | None) -> object:
    return child_cell(child, sub=grouped(child.state_student_id)) if child else "the whole file"
