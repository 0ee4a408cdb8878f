"""One count: its cells by category set, who is not counted and why; each number opens its children."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import Count, F, Func, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from enrollment.models import SpecialEducationActivity
from reports.federal import access
from reports.federal.certify import certify, reopen
from reports.federal.edit_checks import specs_of
from reports.federal.forms import ReopenForm
from reports.federal.tallies import cells_of_snapshot, not_a_schools
from reports.models import Snapshot, SnapshotChild
from reports.rules.federal.cells import COLUMNS as CODES
from reports.rules.federal.cells import combinations, in_table_order, meanings
from reports.rules.federal.child import Reason
from reports.rules.federal.rows import CategorySet, Level
from reports.rules.federal.tables import (
    category_name,
    file_of,
    layout,
    permitted,
    reasons,
    sets,
    submission_year,
)
from reports.views.federal.found import found, status_of
from security.rules.roles import Permission
from security.views.tried import did
from students.access import why_not_for
from students.facts import child_cell, grade_short, grouped
from ui.dates import in_words
from ui.lists import Chip, Column, Filter, ListState, Page, take
from ui.lists import Count as HowMany
from ui.parts import Cell, Status

CHILDREN = (
    Column("student", "Student", "student__sort_name"),
    Column("school", "School", "site__name"),
    Column("stands", "Stands"),
    Column("age", "Age", "age"),
    Column("race", "Race", "race"),
    Column("sex", "Sex", "sex"),
    Column("disability", "Disability", "disability"),
    Column("environment", "Environment or basis", ("environment", "basis")),
    Column("learner", "English learner", "english_learner"),
)
BY_REASON = (
    Column("reason", "Why"), Column("n", "Children", numeric=True), Column("do", "What to do"),
    Column("rule", "Rule"),
)  # fmt: skip
COUNTED, LEFT_OUT = "counted", "not_counted"
NO_REASON = {Reason.NO_BASIS.value, Reason.BASIS_NOT_CHOSEN.value}


@require_safe
def snapshot(request: HttpRequest, pk: int) -> HttpResponse:
    """`?file=` and `?set=` choose the cells; `?codes=`, `?reason=` and `?stands=` the children below them."""
    this = found(request, pk)
    year = submission_year(this.day)
    filters = _filters(this, year)
    state = ListState.read(request.GET, CHILDREN, filters=filters, default_sort="student")
    spec = state.chosen.get("file") or specs_of(this)[0]
    row = _set(spec, year, state.chosen.get("set", ""))
    page = take(_chosen(this, state, row).order_by(*state.order_by()), state)
    request.user.saw_among_others([child.student_id for child in page.rows], "child count")
    numbers, meant = _numbers(this, state), meanings(specs_of(this), year)
    context = {
        "snapshot": this, "status": status_of(this), "state": state, "spec": spec, "set": row,
        "content": file_of(spec, year).content,
        "layout_year": layout(spec, Level.DISTRICT, year)[0].submission_year,
        "numbers": numbers, "cells": _cells(this, spec, year, row, state),
        "files": _chips(state, "file", [(each, each) for each in specs_of(this)], spec),
        "sets": _chips(state, "set", [(s.set, _chip(s)) for s in sets(spec, Level.DISTRICT, year)], row.set),
        "reasons": _reasons(this, state), "total": sum(n for n, *_ in numbers),
        "zeros": len(combinations(spec, Level.DISTRICT, year, row.set)),
        "not_a_schools": not_a_schools(this) if not this.of_exits else 0,
        "page": replace(page, rows=_children(request, this, page.rows, meant)),
        "why_not": access.why_not_certify(request.user, this.district, "certify or reopen its count"),
        "form": ReopenForm(),
    }  # fmt: skip
    return render(request, "reports/federal/snapshot.html", context)


@require_POST
def certify_snapshot(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    did(request, lambda: certify(by=request.user, snapshot=this), "The count is certified.")
    return redirect("reports:snapshot", pk)


@require_POST
def reopen_snapshot(request: HttpRequest, pk: int) -> HttpResponse:
    this, reason = found(request, pk), request.POST.get("reason", "")[:300]
    said = "The count is open. Put the records right, take the corrections over, and certify it again."
    did(request, lambda: reopen(by=request.user, snapshot=this, reason=reason), said)
    return redirect("reports:snapshot", pk)


def _filters(this: Snapshot, year: int) -> tuple[Filter, ...]:
    names = {s.set: s.name for spec in specs_of(this) for s in sets(spec, Level.DISTRICT, year)}
    return (
        Filter("file", "File", [("", "Every file"), *((spec, spec) for spec in specs_of(this))]),
        Filter("set", "Cells of", [("", "Any"), *sorted(names.items(), key=lambda pair: pair[1])]),
        Filter("codes", "Codes of a cell"),
        Filter("stands", "Children", [("", "All"), (COUNTED, "Counted"), (LEFT_OUT, "Not counted")]),
        Filter("reason", "Why not", [("", "Any reason"), *((r.reason, r.words) for r in reasons().values())]),
    )


def _set(spec: str, year: int, asked: str) -> CategorySet:
    """The one that is asked for, or the subtotal by disability, which people look at first."""
    rows = sets(spec, Level.DISTRICT, year)
    usual = next(row for row in rows if row.set.startswith("ST") and row.categories[0].startswith("DISAB"))
    return next((row for row in rows if row.set == asked), usual)


def _chosen(this: Snapshot, state: ListState, row: CategorySet) -> QuerySet[SnapshotChild]:
    rows, chosen = this.children.select_related("student", "site"), state.chosen
    if "file" in chosen:
        rows = rows.filter(file=chosen["file"])
    if "stands" in chosen:
        rows = rows.filter(counted=chosen["stands"] == COUNTED)
    if "reason" in chosen:
        rows = rows.filter(reasons__contains=[chosen["reason"]])
    if "codes" in chosen:
        codes = chosen["codes"].split()
        fits = len(codes) == len(row.categories)
        named = {CODES[category]: code for category, code in zip(row.categories, codes, strict=False)}
        rows = rows.filter(counted=True, **named) if fits else rows.none()
    return rows


def _link(state: ListState, **chosen: str) -> str:
    kept = {name: state.chosen[name] for name in ("file", "set") if name in state.chosen}
    return f"{ListState(state.columns, chosen=kept | chosen).url()}#children"


def _chips(state: ListState, name: str, offers: list[tuple[str, str]], now: str) -> list[Chip]:
    kept = {"file": state.chosen["file"]} if name == "set" and "file" in state.chosen else {}
    return [
        Chip(ListState((), chosen=kept | {name: value}).url(), label, None, value == now)
        for value, label in offers
    ]


def _chip(row: CategorySet) -> str:
    """A subtotal of one category is called by it too."""
    return f"{row.name}: {category_name(row.categories[0])}" if len(row.categories) == 1 else row.name


def _numbers(this: Snapshot, state: ListState) -> list[tuple[int, str, str, str, str]]:
    """Number, label, note, address and tone: counted in each file, then those that are not."""
    by_file = dict(this.children.filter(counted=True).order_by().values_list("file").annotate(n=Count("pk")))
    left_out = this.children.filter(counted=False).count()
    year = submission_year(this.day)
    counted = [
        (by_file.get(spec, 0), f"counted in {spec}", file_of(spec, year).content,
         _plain(file=spec, stands=COUNTED), "")
        for spec in specs_of(this)
    ]  # fmt: skip
    tone = "bad" if left_out else ""
    return [*counted, (left_out, "not counted", "each with its reasons", _plain(stands=LEFT_OUT), tone)]


def _plain(**chosen: str) -> str:
    return f"{ListState((), chosen=chosen).url()}#children"


def _cells(this: Snapshot, spec: str, year: int, row: CategorySet, state: ListState) -> Page:
    """The combinations that anybody has, each with the children behind it."""
    columns = [Column(category, category_name(category)) for category in row.categories]
    columns = [*(columns or [Column("all", "All")]), Column("n", "Children", numeric=True)]
    found_cells = cells_of_snapshot(this, spec).get(row.set, {})
    order = in_table_order(spec, row, year, found_cells)
    rows = [_cell(spec, year, row, codes, found_cells[codes]) for codes in order]
    return Page(ListState(tuple(columns)), rows, HowMany(len(rows)), False)


def _cell(spec: str, year: int, row: CategorySet, codes: tuple[str, ...], n: int) -> dict[str, object]:
    said: dict[str, object] = {
        category: Cell(code, sub=permitted(spec, category, year).get(code, ""))
        for category, code in zip(row.categories, codes, strict=True)
    }
    if not codes:
        return {"all": "Education unit total", "n": Cell(n, _plain(file=spec, stands=COUNTED))}
    return {**said, "n": Cell(n, _plain(file=spec, set=row.set, codes=" ".join(codes)))}


def _reasons(this: Snapshot, state: ListState) -> Page:
    each = Func(F("reasons"), function="unnest")
    rows = this.children.filter(counted=False).order_by().annotate(reason=each).values_list("reason")
    found_reasons: Mapping[str, int] = dict(rows.annotate(n=Count("pk")))
    shown = [
        {"reason": Cell(said.words, _plain(stands=LEFT_OUT, reason=why)), "n": found_reasons[why],
         "do": said.what_to_do, "rule": said.authority}
        for why, said in reasons().items() if why in found_reasons
    ]  # fmt: skip
    return Page(ListState(BY_REASON), shown, HowMany(len(shown)), False)


Meant = Mapping[str, Mapping[str, str]]


def _children(
    request: HttpRequest, this: Snapshot, rows: Sequence[SnapshotChild], meant: Meant
) -> list[dict[str, object]]:
    reason_at = _reason_at(request, this, rows)
    return [_child(row, meant, reason_at.get(row.student_id, "")) for row in rows]


def _reason_at(request: HttpRequest, this: Snapshot, rows: Sequence[SnapshotChild]) -> dict[int, str]:
    """By child where the reason of its exit is recorded: of those without a basis, for whoever may."""
    without = [row.student_id for row in rows if NO_REASON.intersection(row.reasons)]
    if not without or why_not_for(request.user, Permission.ENTER_EXIT, this.district, None, ""):
        return {}
    ended = SpecialEducationActivity.objects.filter(district=this.district, student__in=without)
    last = ended.filter(last_day__lte=this.day).order_by("last_day", "pk").values_list("student", "pk")
    return {student: reverse("enrollment:exit_reason", args=[pk]) for student, pk in last}


def _child(row: SnapshotChild, meant: Meant, reason_at: str) -> dict[str, object]:
    def said(field: str) -> Cell:
        code = getattr(row, field)
        return Cell(code, sub=meant.get(field, {}).get(code, ""))

    why = " ".join(f"{reasons()[reason].words}." for reason in row.reasons)
    stands = Status("good", row.file) if row.counted else Status("warn", "not counted")
    left = f"left {in_words(row.exit_day)}" if row.exit_day else grade_short(row.grade)
    return {
        "student": child_cell(row.student, sub=grouped(row.student.state_student_id)),
        "school": row.site.name if row.site else "",
        "stands": Cell("Record the reason" if reason_at else "", reason_at, why, stands),
        "age": Cell(row.age, sub=left), "race": said("race"), "sex": said("sex"),
        "disability": said("disability"), "environment": said("basis" if row.basis else "environment"),
        "learner": said("english_learner"),
    }  # fmt: skip
