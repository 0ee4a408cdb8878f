"""The cut-over: what it would do, for the state as a whole and for a coordinator's own part."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from organizations.models import Site, State
from security.access import holds, holds_anywhere, who_can
from security.holdings import holdings_of
from security.models import Assignment, EndReason
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission
from students.actions.cut_over import order_cut_over, why_not_yet
from students.cut_over import Line, Plan, cut_over_of, plan_of
from ui.lists import Column, ListState
from ui.parts import Cell

LINES = (
    Column("person", "Who"),
    Column("role", "Direct role"),
    Column("overseer", "Overseen by"),
    Column("why", "Why"),
)
GAINS = (
    Column("district", "District"),
    Column("people", "People with a role at the district", numeric=True),
    Column("sites", "Sites", numeric=True),
    Column("children", "Children there", numeric=True),
)


def show(request: HttpRequest) -> HttpResponse:
    """GET is the dry run; POST by the state hands exactly what was shown to a worker."""
    is_state = holds(request.user, Permission.RUN_ROLLOVER, None)
    if not is_state and not holds_anywhere(request.user, Permission.GRANT_ACCESS):
        raise NotAllowed(f"Only {who_can(Permission.GRANT_ACCESS)} can see what the cut-over does.")
    state = _chosen(request)
    if state is None:
        return render(request, "students/cut_over.html", {"state": None})
    if request.method == "POST":
        return _run(request, state)
    mine = None if is_state else holdings_of(request.user).districts.get(Permission.GRANT_ACCESS.value, ())
    plan = plan_of(state, timezone.now(), mine)
    return render(request, "students/cut_over.html", _context(plan, is_state))


def _chosen(request: HttpRequest) -> State | None:
    asked = request.GET.get("state", "")
    states = State.objects.order_by("pk")
    return states.filter(code=asked).first() or states.first()


def _run(request: HttpRequest, state: State) -> HttpResponse:
    try:
        job = order_cut_over(by=request.user, state=state, key=request.POST.get("key", ""))
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect("students:cut_over")
    return redirect(job)


def _context(plan: Plan, is_state: bool) -> dict:
    orphans = Site.objects.filter(state=plan.state).orphans(timezone.localdate()) if is_state else ()
    return {
        "state": plan.state,
        "plan": plan,
        "is_state": is_state,
        "instant": cut_over_of(plan.state),
        "not_yet": why_not_yet(plan.state, timezone.now()),
        "line_list": ListState.read({}, LINES),
        "gain_list": ListState.read({}, GAINS),
        "ending": [_row(line) for line in plan.ending],
        "kept": [_row(line) for line in plan.kept],
        "gains": [vars(gain) for gain in plan.gains],
        "children": sum(gain.children for gain in plan.gains),
        "ended": Assignment.objects.filter(end_reason=EndReason.TRANSITION_ROLLUP).count()
        if is_state
        else None,
        "orphans": orphans,
    }


def _row(line: Line) -> dict[str, object]:
    return {
        "person": Cell(str(line.assignment.user), sub=line.assignment.user.position),
        "role": Cell(line.role, sub=line.assignment.site.name),
        "overseer": line.overseer.name,
        "why": line.why,
    }
