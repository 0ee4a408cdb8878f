"""The merge queue: records that may be one child, side by side, and what a person says about them."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from migration import child_of_record
from migration.actions.decide_duplicate import (
    children_of,
    is_one_child,
    keep_apart,
    merge_key,
    merge_loaded,
)
from migration.archive.words import in_plain_words
from migration.duplicates import SHARED
from migration.findings_access import groups_seen_by, runs_the_rollover
from migration.forms_of_findings import ApartForm, OneChildForm, born, name_of
from migration.models import DuplicateGroup, DuplicateRecord, Verdict
from migration.rules.findings import quality_rules
from migration.rules.layout import layouts
from migration.views.cases import for_those_who_see_findings
from organizations.models import District
from security.refusals import NotAllowed
from security.views.tried import tried
from students.actions.merge import check_may_merge
from students.forms import MergeForm
from students.merge_plan import MergePlan, plan_of
from students.models import Student
from ui.dates import moment_in_words
from ui.lists import Column, Filter, ListState, Page, count_up_to, take
from ui.parts import Cell, Difference, Status

COLUMNS = (
    Column("group", "Records"),
    Column("rule", "Why they are here", "rule"),
    Column("district", "District", "district__name"),
    Column("verdict", "Decided", "verdict"),
)
STUDENTS = "01"
VERDICT_TONES = {Verdict.OPEN: "warn", Verdict.GONE: "quiet"}
FACTS = (
    ("last_name", "Last name"),
    ("first_name", "First name"),
    ("middle_name", "Middle name"),
    ("suffix", "Suffix"),
    ("birth_date", "Birth date"),
    ("sex", "Sex"),
    ("grade", "Grade"),
    ("home_language", "Home language"),
    ("active", "Active"),
    ("saved", "Last saved"),
    ("jurisdictions", "Jurisdictions"),
    ("evaluations", "Evaluations"),
    ("ieps", "IEPs"),
)


@require_safe
@for_those_who_see_findings
def duplicates(request: HttpRequest) -> HttpResponse:
    choices = [
        ("", "To be decided"),
        *((v.value, v.label) for v in Verdict if v != Verdict.OPEN),
        ("all", "All"),
    ]
    filters = (Filter("verdict", "Decided", choices),)
    state = ListState.read(request.GET, COLUMNS, filters=filters)
    chosen = state.chosen.get("verdict", Verdict.OPEN)
    found = groups_seen_by(request.user).select_related("district", "decided_by").prefetch_related("records")
    found = found if chosen == "all" else found.filter(verdict=chosen)
    page = take(found.order_by(*state.order_by()), state, count_up_to(found))
    _note_children(request, page.rows)
    rows = [_row(group) for group in page.rows]
    context = {
        "state": state,
        "page": Page(page.state, rows, page.count, page.has_next),
        "is_state": runs_the_rollover(request.user),
    }
    return render(request, "migration/duplicates.html", context)


@for_those_who_see_findings
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the records side by side; POST says which they are: `same`, `apart` or `merge`."""
    rows = groups_seen_by(request.user).select_related("district", "decided_by")
    group = get_object_or_404(rows, pk=pk)
    records = list(group.records.select_related("district"))
    shared = group.rule == SHARED
    said = request.POST.get("say", "") if request.method == "POST" else ""
    apart = ApartForm(request.POST if said == "apart" else None, records=records, shared=shared)
    one = OneChildForm(request.POST if said == "same" else None, records=records)
    merging = None if shared else _merging(request, group, said)
    if said == "apart" and apart.is_valid() and tried(apart, lambda: _apart(request, group, apart)):
        return _decided(request, group, "They stay different children, and nobody is asked again.")
    if said == "same" and one.is_valid() and tried(one, lambda: _same(request, group, one)):
        return _decided(request, group, "The record that stands is loaded with the next run.")
    if merging and merging.get("done"):
        return _decided(request, group, "The records are one child now. Both numbers find it.")
    context = {
        "group": group, "rule": quality_rules()[group.rule], "shared": shared, "apart": apart, "one": one,
        "merging": merging, "heads": [_head(record) for record in records], "rows": _compared(records),
        "verdict": _verdict(group),
    }  # fmt: skip
    return render(request, "migration/duplicate.html", context)


def _decided(request: HttpRequest, group: DuplicateGroup, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("migration:duplicate", group.pk)


def _apart(request: HttpRequest, group: DuplicateGroup, form: ApartForm) -> None:
    typed = form.cleaned_data
    keep_apart(
        by=request.user, group=group, reason=typed["reason"], owner=typed.get("owner"), lasids=form.lasids()
    )


def _same(request: HttpRequest, group: DuplicateGroup, form: OneChildForm) -> None:
    is_one_child(by=request.user, group=group, **form.cleaned_data)


def _merging(request: HttpRequest, group: DuplicateGroup, said: str) -> dict[str, object] | None:
    """What a merge of the loaded children would do, or the sentence why this person cannot."""
    children = children_of(group)
    for child in children:
        request.user.looked_at(child.pk, "merge queue")
    if len(children) < 2 or not group.is_open:
        return {"children": children, "why_not": "There are not two loaded children to merge."}
    kept = _kept(request, children)
    plans = [plan_of(kept, other) for other in children if other != kept]
    why_not = _why_not(request, children) or next((plan.why_not for plan in plans if plan.why_not), "")
    initial = {"goes_on": kept.pk, "key": merge_key(kept, children)}
    form = MergeForm(request.POST if said == "merge" else None, initial=initial, auto_id="merge_%s")
    done = form.is_bound and form.is_valid() and tried(form, lambda: _merge(request, group, kept, form))
    return {
        "children": children, "kept": kept, "others": [child for child in children if child != kept],
        "why_not": why_not, "doubts": _doubts(plans), "form": form, "done": done,
    }  # fmt: skip


def _kept(request: HttpRequest, children: list[Student]) -> Student:
    asked = request.POST.get("goes_on") or request.GET.get("goes_on")
    return next((child for child in children if str(child.pk) == asked), children[0])


def _why_not(request: HttpRequest, children: list[Student]) -> str:
    try:
        check_may_merge(request.user, *children)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def _doubts(plans: list[MergePlan]) -> str:
    return " ".join(dict.fromkeys(doubt for plan in plans for doubt in plan.doubts))


def _merge(request: HttpRequest, group: DuplicateGroup, kept: Student, form: MergeForm) -> None:
    typed = {name: form.cleaned_data[name] for name in ("reason", "key", "checked")}
    merge_loaded(by=request.user, group=group, kept=kept, **typed)


def _note_children(request: HttpRequest, groups: Iterable[DuplicateGroup]) -> None:
    """Whose names stand there and who are among the live records."""
    named = [(STUDENTS, record.key) for group in groups for record in group.records.all()]
    loaded = child_of_record.children_of(request.user, named).values()
    request.user.saw_among_others([child.pk for child in loaded], "merge queue of the rollover")


def _row(group: DuplicateGroup) -> dict[str, object]:
    records = group.records.all()
    names = " and ".join(name_of(record) for record in records)
    who = f"{group.decided_by.get_full_name()}" if group.decided_by else ""
    return {
        "group": Cell(names, url=reverse("migration:duplicate", args=[group.pk]),
                      sub=", ".join(record.key for record in records)),
        "rule": Cell(quality_rules()[group.rule].title, sub=group.rule),
        "district": str(group.district or "more than one"),
        "verdict": Cell(status=_verdict(group), sub=who),
    }  # fmt: skip


def _verdict(group: DuplicateGroup) -> Status:
    return Status(VERDICT_TONES.get(Verdict(group.verdict), "good"), group.get_verdict_display())


def _head(record: DuplicateRecord) -> str:
    words = {"rejected": "waits", "migrated": "loaded", "archived": "archived", "here": "is here"}
    return f"Key {record.key} ({words.get(record.facts.get('fate', ''), 'waits')})"


def _compared(records: list[DuplicateRecord]) -> list[Difference]:
    districts: list[District | None] = [record.district for record in records]
    rows = [
        ("LASID", [record.lasid for record in records]),
        *((label, [_fact(record, name) for record in records]) for name, label in FACTS),
        ("District", [str(district or "none") for district in districts]),
        ("Line", [record.line or "" for record in records]),
    ]
    return [Difference(label, values, differs=len(set(map(str, values))) > 1) for label, values in rows]


def _fact(record: DuplicateRecord, name: str) -> object:
    value = record.facts.get(name)
    match name:
        case "birth_date":
            return born(record)
        case "saved" if value:
            return moment_in_words(datetime.fromisoformat(value))
        case "active" if value:
            return value == "Y"
        case "sex" | "grade" | "home_language" if value:
            return _in_words(name, value)
    return "" if value is None else value


def _in_words(name: str, code: str) -> str:
    """A code of the extract as it is read aloud."""
    field = next(field for field in layouts()[STUDENTS] if field.column == name)
    return in_plain_words(field, code)
