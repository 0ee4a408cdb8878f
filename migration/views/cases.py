"""The findings over all runs: a list to work through, and one finding with what was done about it."""

import re
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from migration.access import check_may_run
from migration.actions.take_findings import take_findings
from migration.actions.work_off import close, give, hand_over, note
from migration.child_of_record import children_of
from migration.code_maps import SOURCES
from migration.findings_access import (
    cases_seen_by,
    check_may_see_findings,
    runs_the_rollover,
    who_may_take,
    why_not_close,
    why_not_work_on,
)
from migration.forms_of_findings import NOT_YET, WorkForm
from migration.models import CaseState, FindingCase
from migration.rules.findings import Severity, quality_rules
from migration.views.run import TONES, label_of
from organizations.models import District
from security.access import holds_anywhere
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission
from security.views.tried import did, tried
from students.facts import child_cell
from ui.lists import Column, Filter, ListState, Page, count_up_to, take
from ui.parts import Cell, Fact, Status

COLUMNS = (
    Column("finding", "Finding", ("rule", "key")),
    Column("record", "Record", ("record_type", "key")),
    Column("child", "Child"),
    Column("district", "District", "district__name"),
    Column("state", "State", "state"),
    Column("who", "Whose", "assigned_to__last_name"),
    Column("times", "Runs", "times", numeric=True),
)
STATE_TONES = {CaseState.OPEN: "warn", CaseState.LEFT: "quiet"}
RULES = [("", "Any rule"), *((rule.id, f"{rule.id} {rule.title}") for rule in quality_rules().values())]
SEVERITIES = [("", "Any severity"), *((severity.value, severity.value) for severity in Severity)]
STATES = [("", "Any state"), *CaseState.choices]
WHOSE = [("", "Anybody's"), ("mine", "Mine"), ("nobody", "Nobody's"), ("state", "Still with the state")]


def for_those_who_see_findings(view):
    """The state, and the people of a district who work on its findings."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_see_findings(request.user)
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_those_who_see_findings
def cases(request: HttpRequest) -> HttpResponse:
    state, found = _asked(request)
    page = take(found.order_by(*state.order_by()), state, count_up_to(found))
    children = children_of(request.user, [(row.record_type, row.key) for row in page.rows])
    request.user.saw_among_others([child.pk for child in children.values()], "findings of the rollover")
    rows = [_shown(row, children.get((row.record_type, row.key))) for row in page.rows]
    context = {
        "state": state,
        "page": Page(page.state, rows, page.count, page.has_next),
        "hand": _to_hand(request, state),
        "may_take": holds_anywhere(request.user, Permission.EXPORT),
        "is_state": runs_the_rollover(request.user),
        "file_url": reverse("migration:cases_file") + state.url(),
    }
    return render(request, "migration/cases.html", context)


@require_POST
@for_those_who_see_findings
def cases_file(request: HttpRequest) -> HttpResponse:
    """The list as filtered. Cells that a spreadsheet would run are escaped."""
    state, found = _asked(request)
    try:
        lines = found.order_by(*state.order_by())
        text = take_findings(by=request.user, cases=lines, reason=request.POST.get("reason", ""))
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("migration:cases") + state.url())
    name = f"rollover-findings-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
def hand_over_cases(request: HttpRequest) -> HttpResponse:
    """All open findings of a rule to the district that answers for them."""
    check_may_run(request.user)
    rule, chosen = request.POST.get("rule", ""), request.POST.get("district", "")
    district = District.objects.filter(pk=chosen if chosen.isdecimal() else 0).first()
    if rule not in quality_rules() or district is None:
        messages.error(request, "Choose a rule and a district first.")
        return redirect("migration:cases")
    number = hand_over(by=request.user, rule=rule, district=district)
    messages.success(request, f"{number:,} findings of {rule} are with {district} now.")
    return redirect(f"{reverse('migration:cases')}?rule={rule}&district={district.pk}")


@for_those_who_see_findings
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: POST keeps a note or closes it."""
    found = _case_or_404(request, pk)
    may_close = why_not_close(request.user, found) is None
    form = WorkForm(request.POST if request.method == "POST" else None, may_close=may_close)
    if form.is_bound and form.is_valid() and tried(form, lambda: _work(request.user, found, form)):
        messages.success(request, "Kept with the finding.")
        return redirect("migration:case", found.pk)
    return render(request, "migration/case.html", _context(request, found, form))


@require_POST
@for_those_who_see_findings
def give_case(request: HttpRequest, pk: int) -> HttpResponse:
    found = _case_or_404(request, pk)
    chosen = request.POST.get("to", "")
    to = User.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    said = f"The finding is {to.get_full_name()}'s now." if to else "The finding is nobody's now."
    did(request, lambda: give(by=request.user, case=found, to=to), said)
    return redirect("migration:case", found.pk)


def _work(by: User, found: FindingCase, form: WorkForm) -> None:
    how, words = form.cleaned_data["how"], form.cleaned_data["words"]
    if how == NOT_YET:
        note(by=by, case=found, words=words)
    else:
        close(by=by, case=found, how=CaseState(how), words=words)


def _case_or_404(request: HttpRequest, pk: int) -> FindingCase:
    rows = cases_seen_by(request.user).select_related("district", "assigned_to", "first_run", "last_run")
    return get_object_or_404(rows, pk=pk)


def _context(request: HttpRequest, found: FindingCase, form: WorkForm) -> dict[str, object]:
    place = (found.record_type, found.key)
    child = children_of(request.user, [place]).get(place)
    if child:
        request.user.looked_at(child.pk, "finding of the rollover")
    sentence = why_not_work_on(request.user, found)
    return {
        "case": found,
        "rule": quality_rules()[found.rule],
        "facts": _facts(found),
        "child": child,
        "steps": found.steps.select_related("by", "to"),
        "form": form,
        "why_not": sentence,
        "why_not_close": why_not_close(request.user, found) if not sentence else "",
        "people": who_may_take(found.district) if not sentence else (),
        "in_queue": found.rule in ("DQ-011", "DQ-012"),
        "in_maps": _has_code(found) and runs_the_rollover(request.user),
    }


def _facts(found: FindingCase) -> list[Fact]:
    rule = quality_rules()[found.rule]
    return [
        Fact("State", state_of(found).text),
        Fact("Severity", found.severity),
        Fact("Rule", rule.rule),
        Fact("Record", label_of(found.record_type), sub=found.key),
        Fact("Value", found.value.strip() or "(the whole record)"),
        Fact("District", found.district or "none"),
        Fact("Whose", found.assigned_to.get_full_name() if found.assigned_to else whose(found)),
        Fact("Found in", f"{found.times} run{'s' * (found.times > 1)}, last in run {found.last_run_id}"),
    ]


def _has_code(found: FindingCase) -> bool:
    """Can its legacy code be read as one of ours? A blank is no code."""
    return any(
        source.rule == found.rule and re.search(source.pattern, found.value) for source in SOURCES.values()
    )


def _to_hand(request: HttpRequest, state: ListState) -> dict[str, object] | None:
    """What the state can hand over from here: all of the chosen rule and district."""
    rule, district = state.chosen.get("rule"), state.chosen.get("district")
    if not (rule and district and runs_the_rollover(request.user)):
        return None
    rows = FindingCase.objects.open().filter(rule=rule, district=district, handed_at=None)
    return {"rule": rule, "district": District.objects.get(pk=district), "number": rows.count()}


def _asked(request: HttpRequest):
    """(state, the findings that it asks for) among those that the person may see."""
    seen = cases_seen_by(request.user)
    state = ListState.read(request.GET, COLUMNS, filters=_filters(request), default_sort="finding")
    rows = _narrowed(seen, request, state)
    return state, rows.select_related("district", "assigned_to")


def _filters(request: HttpRequest) -> tuple[Filter, ...]:
    offered = [
        Filter("rule", "Rule", RULES, wide=True),
        Filter("severity", "Severity", SEVERITIES),
        Filter("state", "State", STATES),
        Filter("whose", "Whose", WHOSE),
    ]
    if runs_the_rollover(request.user):
        districts = [(str(district.pk), str(district)) for district in District.objects.order_by("name")]
        offered.append(Filter("district", "District", [("", "Every district"), *districts]))
    return (*offered, Filter("code", "Value holds"))


def _narrowed(rows, request: HttpRequest, state: ListState):
    chosen = state.chosen
    same = {name: chosen[name] for name in ("rule", "severity", "state", "district") if name in chosen}
    rows = rows.filter(**same)
    if words := chosen.get("code"):
        rows = rows.filter(value__regex=rf"(^|[^A-Za-z0-9]){re.escape(words)}([^A-Za-z0-9]|$)")
    match chosen.get("whose"):
        case "mine":
            return rows.filter(assigned_to=request.user)
        case "nobody":
            return rows.filter(assigned_to=None)
        case "state":
            return rows.filter(handed_at=None)
    return rows


def _shown(row: FindingCase, child) -> dict[str, object]:
    return {
        "finding": Cell(
            quality_rules()[row.rule].title, url=reverse("migration:case", args=[row.pk]),
            sub=f"{row.rule}, {row.severity}",
        ),
        "record": Cell(label_of(row.record_type), sub=" · ".join(filter(None, [row.key, row.value]))),
        "child": child_cell(child, sub=child.state_student_id) if child else "not here",
        "district": str(row.district or ""),
        "state": Cell(status=state_of(row)),
        "who": row.assigned_to.get_full_name() if row.assigned_to else whose(row),
        "times": row.times,
    }  # fmt: skip


def state_of(row: FindingCase) -> Status:
    if row.is_open:
        return Status(TONES[Severity(row.severity)], "open")
    return Status(STATE_TONES.get(CaseState(row.state), "good"), row.get_state_display())


def whose(row: FindingCase) -> str:
    return "nobody's yet" if row.handed_at else "with the state"
