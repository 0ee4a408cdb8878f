"""The edit checks of a count: what each found, and which could not be made."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.federal.edit_checks import Checked, checked
from reports.views.federal.found import found, status_of
from students.facts import child_cell, grouped
from students.models import Student
from ui.lists import Column, Count, ListState, Page, take
from ui.parts import Cell, Status

CHECKS = (
    Column("number", "Check"), Column("title", "What"), Column("standing", "Result"),
    Column("n", "Found", numeric=True),
)  # fmt: skip
FINDINGS = (Column("child", "Student"), Column("words", "What was found"))


@require_safe
def snapshot_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """`?check=` opens what one of them found."""
    this = found(request, pk)
    made = checked(this)
    asked = request.GET.get("check", "")
    chosen = next((each for each in made if str(each.check.number) == asked), None)
    chosen = chosen or next((each for each in made if each.findings), made[0])
    page = take(chosen.findings, ListState.read(request.GET, FINDINGS))
    children = Student.objects.in_bulk([each.student_id for each in page.rows if each.student_id])
    request.user.saw_among_others(children, "edit checks of a child count")
    rows = [{"child": _child(children.get(each.student_id or 0)), "words": each.words} for each in page.rows]
    context = {
        "snapshot": this, "status": status_of(this),
        "heading": f"Check {chosen.check.number}: {chosen.check.title}",
        "checks": Page(ListState(CHECKS), [_row(each) for each in made], Count(len(made)), False),
        "page": Page(page.state, rows, page.count, page.has_next),
    }  # fmt: skip
    return render(request, "reports/federal/checks.html", context)


def _row(each: Checked) -> dict[str, object]:
    row, n = each.check, len(each.findings)
    url = f"?check={row.number}#findings" if n else ""
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
