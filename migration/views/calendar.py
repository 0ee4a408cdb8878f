"""The calendar of the rollover: where we are, what blocks the next step, who must act; and the deeds."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from migration import actions
from migration.access import check_may_accept, check_may_follow, check_may_run, parties_of
from migration.calendar_forms import CalendarForm, ReasonForm, RollBackForm
from migration.calendar_of import calendar_of, proposed
from migration.forms import state_of_this_system
from migration.models import LoadRun, Party, RolloverCalendar
from migration.views.calendar_shown import shown
from organizations.models import State
from security.refusals import RuleBroken

PAGE = "migration:calendar"


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    check_may_follow(request.user)
    return _page(request)


def plan(request: HttpRequest) -> HttpResponse:
    """The instants of all phases, as in force or as the state profile proposes them."""
    check_may_run(request.user)
    state = _state()
    form = _calendar_form(request, state)
    if request.method == "POST" and form.is_valid():
        typed = {**form.instants(), "reason": form.cleaned_data["reason"]}
        if _done(form, lambda: actions.plan_rollover(by=request.user, state=state, **typed)):
            messages.success(request, "The calendar is in force.")
            return redirect(PAGE)
    status = 400 if form.errors else 200
    title = "Change the calendar" if calendar_of(state) else "Put a calendar in force"
    context = {"form": form, "state": state, "title": title}
    return render(request, "migration/plan.html", context, status=status)


@require_POST
def shut(request: HttpRequest) -> HttpResponse:
    """View only by hand, before the planned freeze."""
    check_may_run(request.user)
    form, found = ReasonForm(request.POST), _in_force()
    if form.is_valid() and _done(
        form,
        lambda: actions.shut_by_hand(by=request.user, calendar=found, reason=form.cleaned_data["reason"]),
    ):
        messages.success(request, "Everything is view only within a minute.")
        return redirect(PAGE)
    return _page(request, shut_form=form, status=400)


@require_POST
def accept_for(request: HttpRequest, run_id: int, name: str) -> HttpResponse:
    check_may_follow(request.user)
    party = _party(name)
    check_may_accept(request.user, party)
    run = get_object_or_404(LoadRun, pk=run_id)
    said = f"Run {run.pk} is accepted by the {party.label}."
    return _told(request, said, lambda: actions.accept_run(by=request.user, run=run, party=party))


@require_POST
def live(request: HttpRequest) -> HttpResponse:
    check_may_run(request.user)
    said = "The system is live: data entry may resume."
    return _told(request, said, lambda: actions.go_live(by=request.user, state=_state()))


@require_POST
def back(request: HttpRequest) -> HttpResponse:
    check_may_run(request.user)
    found = _in_force()
    form = RollBackForm(found.zone, request.POST)
    if form.is_valid() and _done(
        form,
        lambda: actions.roll_back(
            by=request.user, calendar=found, reason=form.cleaned_data["reason"],
            go_live_at=form.instants()["go_live_at"],  # type: ignore[arg-type]
        ),
    ):  # fmt: skip
        messages.success(request, "Rolled back: everything is view only again.")
        return redirect(PAGE)
    return _page(request, back_form=form, status=400)


def _page(request: HttpRequest, *, status: int = 200, **forms: object) -> HttpResponse:
    state, user = state_of_this_system(), request.user
    found = calendar_of(state)
    parties = parties_of(user)
    context: dict[str, object] = {"state": state, "may_run": Party.SEA in parties}
    if found:
        context |= shown(found, timezone.now(), parties)
        context |= {"shut_form": ReasonForm(), "back_form": RollBackForm(found.zone)}
    return render(request, "migration/calendar.html", {**context, **forms}, status=status)


def _told(request: HttpRequest, said: str, deed: Callable[[], object]) -> HttpResponse:
    try:
        deed()
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, said)
    return redirect(PAGE)


def _done(form: CalendarForm | ReasonForm | RollBackForm, deed: Callable[[], object]) -> bool:
    """A refusal stands beside the field that it is about."""
    try:
        deed()
    except RuleBroken as broken:
        name = next((name for name in (broken.field, f"{broken.field}_day") if name in form.fields), None)
        form.add_error(name, str(broken))
        return False
    return True


def _calendar_form(request: HttpRequest, state: State) -> CalendarForm:
    found = calendar_of(state)
    zone = found.zone if found else RolloverCalendar(of_state=state).zone
    initial = vars(found) if found else proposed(state)
    return CalendarForm(zone, request.POST or None, initial=initial)


def _party(text: str) -> Party:
    if text not in Party.values:
        raise Http404
    return Party(text)


def _state() -> State:
    return get_object_or_404(State, pk=getattr(state_of_this_system(), "pk", None))


def _in_force() -> RolloverCalendar:
    return get_object_or_404(RolloverCalendar.objects.select_related("of_state", "view_only", "live_run"))
