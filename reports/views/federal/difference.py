"""What differs between a frozen count and the records of today, and taking a correction over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from organizations.models import Site
from organizations.rules.calendar import in_words
from reports.federal import access
from reports.federal.difference import Different, difference
from reports.federal.edit_checks import specs_of
from reports.federal.take_over import take_over
from reports.models import Snapshot
from reports.rules.federal.cells import meanings
from reports.rules.federal.comparison import Change
from reports.rules.federal.tables import reasons, submission_year
from reports.views.federal.found import found, status_of
from security.views.tried import did
from students.facts import child_cell, grouped
from students.models import Student
from ui.lists import ListState, Page, take

AT_A_TIME = 25


@require_safe
def snapshot_difference(request: HttpRequest, pk: int) -> HttpResponse:
    """A child at a time, each field with both values and the rule that gives it."""
    this = found(request, pk)
    page = take(difference(this), ListState.read(request.GET, ()))
    children = Student.objects.in_bulk([each.student_id for each in page.rows])
    taken = this.takeovers.select_related("student", "by")[:AT_A_TIME]
    shown = {*children, *(row.student_id for row in taken)}
    request.user.saw_among_others(shown, "difference of a child count")
    words = Words(_schools(page), meanings(specs_of(this), submission_year(this.day)))
    rows = [
        (each.student_id, child_cell(child, sub=grouped(child.state_student_id)),
         [(change, *words.of(change)) for change in each.changes])
        for each in page.rows if (child := children.get(each.student_id))
    ]  # fmt: skip
    context = {
        "snapshot": this, "status": status_of(this), "page": page, "rows": rows,
        "may": _may(request, this),
        "taken": [(child_cell(row.student), row.at, str(row.by)) for row in taken],
    }  # fmt: skip
    return render(request, "reports/federal/difference.html", context)


@require_POST
def snapshot_take_over(request: HttpRequest, pk: int) -> HttpResponse:
    this, typed = found(request, pk), request.POST.get("student", "")
    student = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
    said = "Taken over: the count says of this child what its record says."
    did(request, lambda: take_over(by=request.user, snapshot=this, student_id=student), said)
    return redirect("reports:snapshot_difference", pk)


def _may(request: HttpRequest, this: Snapshot) -> bool:
    return this.is_reopened and access.why_not_certify(request.user, this.district) is None


def _schools(page: Page) -> Mapping[int, str]:
    ids = {value for each in page.rows for value in _sites(each)}
    return dict(Site.objects.filter(pk__in=ids).values_list("pk", "name"))


def _sites(each: Different) -> list[int]:
    return [side["site_id"] for side in (each.frozen, each.live) if side and side["site_id"]]


@dataclass(frozen=True)
class Words:
    """What the values of a change are called: schools by their number, codes by their field."""

    schools: Mapping[int, str]
    meanings: Mapping[str, Mapping[str, str]]

    def of(self, change: Change) -> tuple[str, str]:
        return self._said(change.field, change.frozen), self._said(change.field, change.live)

    def _said(self, field: str, value: Any) -> str:
        if field == "reasons":
            return " ".join(f"{reasons()[why].words}." for why in value) or "none"
        if field == "counted":
            return {None: "not in the count", True: "yes", False: "no"}[value]
        if field == "site_id":
            return self.schools.get(value, "") or "none"
        meaning = self.meanings.get(field, {}).get(str(value), "")
        return " ".join(filter(None, [_plainly(field, value), meaning]))


def _plainly(field: str, value: Any) -> str:
    if value in (None, ""):
        return "none"
    if field == "percent":
        return f"{value / 100:.2f} %"
    return in_words(value) if isinstance(value, date) else str(value)
