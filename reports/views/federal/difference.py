"""What differs between a frozen count and the records of today, and taking a correction over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
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
from security.refusals import RuleBroken
from security.views.tried import did
from students.facts import child_cell, grouped
from students.models import Student
from ui.lists import ListState, take
from ui.parts import Cell

AT_A_TIME = 25
WHAT = "difference of a child count"
TAKEN_OVER = "Taken over: the count says of this child what its record says."


@dataclass(frozen=True)
class Part:
    """What the page shows of one child; `said`: what came of taking it over."""

    pk: int
    child: Cell | None
    changes: Sequence[tuple[Change, str, str]] = ()
    said: str = ""


@require_safe
def snapshot_difference(request: HttpRequest, pk: int) -> HttpResponse:
    """A child at a time, each field with both values and the rule that gives it.

    `?student=` looks at one child only; otherwise the whole district is looked through.
    """
    this, one = found(request, pk), _student(request.GET)
    page = take(difference(this, [one] if one else None), ListState.read(request.GET, ()))
    taken = this.takeovers.select_related("student", "by")[:AT_A_TIME]
    request.user.saw_among_others({row.student_id for row in taken}, WHAT)
    context = {
        "snapshot": this, "status": status_of(this), "page": page, "may": _may(request, this),
        "parts": _parts(request, this, page.rows),
        "heading": "One child" if one else "Children who stand otherwise now",
        "whole_url": reverse("reports:snapshot_difference", args=[pk]) if one else "",
        "nothing": f"{'This' if one else 'Every'} child stands in the count as its record says today.",
        "taken": [(child_cell(row.student), row.at, str(row.by)) for row in taken],
    }  # fmt: skip
    return render(request, "reports/federal/difference.html", context)


@require_POST
def snapshot_take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with that child's part alone."""
    this, student = found(request, pk), _student(request.POST)

    def deed() -> object:
        return take_over(by=request.user, snapshot=this, student_id=student)

    if not request.htmx:
        did(request, deed, TAKEN_OVER)
        return redirect(f"{reverse('reports:snapshot_difference', args=[pk])}?student={student}")
    said = _what_came_of(deed)
    part = next(iter(_parts(request, this, difference(this, [student]))), None) or _alike(student)
    context = {"snapshot": this, "may": _may(request, this), "part": replace(part, said=said)}
    return render(request, "reports/federal/_different.html", context)


def _student(asked: QueryDict) -> int:
    """0 for whatever is no id."""
    typed = asked.get("student", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0


def _what_came_of(deed: Callable[[], object]) -> str:
    try:
        deed()
    except RuleBroken as refusal:
        return str(refusal)
    return TAKEN_OVER


def _parts(request: HttpRequest, this: Snapshot, rows: Sequence[Different]) -> list[Part]:
    children = Student.objects.in_bulk([each.student_id for each in rows])
    request.user.saw_among_others(children, WHAT)
    words = Words(_schools(rows), meanings(specs_of(this), submission_year(this.day)))
    return [
        Part(child.pk, _cell(child), [(change, *words.of(change)) for change in each.changes])
        for each in rows if (child := children.get(each.student_id))
    ]  # fmt: skip


def _alike(student: int) -> Part:
    """Of a child whose record and count say the same; nameless where it is out of reach."""
    child = Student.objects.filter(pk=student).first()
    return Part(student, _cell(child) if child else None)


def _cell(child: Student) -> Cell:
    return child_cell(child, sub=grouped(child.state_student_id))


def _may(request: HttpRequest, this: Snapshot) -> bool:
    return this.is_reopened and access.why_not_certify(request.user, this.district) is None


def _schools(rows: Sequence[Different]) -> Mapping[int, str]:
    ids = {value for each in rows for value in _sites(each)}
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
