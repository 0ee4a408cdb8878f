"""The desk, the list of requests, one request, and deciding it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from organizations.models import District, State
from security.access import requests as deciding
from security.actions import requests as verbs
from security.actions.assign import district_of
from security.actions.designate import why_not_designate
from security.actions.end_role import end_iep_forms
from security.forms.desk import DenyForm
from security.models import AccessRequest, Assignment, Designation
from security.panels import panels_for
from security.queries import desk
from security.refusals import RuleBroken
from security.rules.requests import Move, RequestState
from security.rules.roles import Permission, Role, row_of
from security.views.asking import STATUS, phases_of
from security.views.reauthentication import asked_again
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell

SAID = {
    Move.APPROVE: "Approved. A security coordinator can grant it now.",
    Move.GRANT: "Granted. The person has access from now on, and is told.",
    Move.DENY: "Denied. The requester is told why.",
    Move.WITHDRAW: "Withdrawn.",
}
HINTS = {
    Move.APPROVE: "Does this person's work ask for this role here? A coordinator grants afterwards.",
    Move.GRANT: "The supervisor has approved. Granting gives the role from today on.",
}
GIVES = (Move.APPROVE, Move.GRANT)  # asked for surely by the person who decides
COLUMNS = (
    Column("who", "Who", sort=("requester__last_name", "requester__first_name")),
    Column("role", "Asks for"),
    Column("submitted", "Asked", sort="submitted_at"),
    Column("state", "Where it stands"),
)
STATES = [
    ("", "Any"),
    ("open", "Open"),
    ("escalated", "Open, escalated"),
    *[(state.value, state.value.capitalize()) for state in RequestState],
]
FILTERS = (Filter("q", "Name or staff ID", wide=True), Filter("state", "Where it stands", STATES))


@require_safe
def show_desk(request: HttpRequest) -> HttpResponse:
    """One district's desk; the state sees all districts; everybody else is led to asking."""
    if deciding.looks_after_the_state(request.user):
        return _state_desk(request)
    districts = desk.districts_of(request.user)
    if not districts:
        return redirect("security:ask")
    asked = request.GET.get("district", "")
    district = next((row for row in districts if str(row.pk) == asked), districts[0])
    user, coordinates = request.user, deciding.holds_at(request.user, Permission.GRANT_ACCESS, district)
    context = {
        "desk": desk.desk_of(user, district),
        "districts": districts,
        "decides": district.pk in deciding.districts_decided_by(user),
        "coordinates": coordinates,
        "conflicts": desk.conflicts_of([district.pk]) if coordinates else [],
        "may_designate": why_not_designate(user, district) is None,
        "designations": Designation.objects.waiting().filter(district=district).select_related("user"),
        "state": ListState.read({}, DESK_COLUMNS),
        "panels": panels_for(user, district) if district.pk in deciding.districts_decided_by(user) else [],
    }
    return render(request, "security/desk.html", context)


DESK_COLUMNS = (
    Column("who", "Who"),
    Column("role", "Asks for"),
    Column("waiting", "Waiting"),
    Column("supervisor", "Supervisor"),
    Column("decision", "Your decision"),
)


def _state_desk(request: HttpRequest) -> HttpResponse:
    lines, lacks = desk.every_district(), request.GET.get("lacks", "")
    context = {
        "lines": [line for line in lines if lacks not in dict(desk.LACKS) or lacks in line.lacks],
        "chips": _lacking(lines, lacks),
        "conflicts": desk.conflicts_for_the_state(),
        "no_policy": sum(not line.has_policy for line in lines),
        "no_coordinator": sum(not line.coordinators for line in lines),
        "unsigned": sum(line.unsigned for line in lines),
        "waiting": sum(line.waiting for line in lines),
        "designations": Designation.objects.waiting().select_related(
            "user", "district", "submitted_by", "form"
        ),
        "states": State.objects.all(),
    }
    return render(request, "security/state_desk.html", context)


def _lacking(lines: list[desk.DistrictLine], chosen: str) -> list[tuple[str, str, int, bool]]:
    """`?lacks=`: address, label, number and whether it is shown, for each thing that a district can lack."""
    chips = [
        (f"?lacks={what}#districts", label, sum(what in line.lacks for line in lines), what == chosen)
        for what, label in desk.LACKS
    ]
    return [("?#districts", "All", len(lines), chosen not in dict(desk.LACKS)), *chips]


@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """All requests that this person sees, open and closed."""
    state = ListState.read(request.GET, COLUMNS, filters=FILTERS, default_sort="-submitted")
    rows = _narrowed(deciding.requests_seen_by(request.user), state)
    related = rows.select_related("requester", "district").prefetch_related(
        "places__district", "places__site"
    )
    page = take(related.order_by(*state.order_by()), state)
    table = Page(page.state, [_line(row) for row in page.rows], page.count, page.has_next)
    return render(request, "security/requests.html", {"page": table, "state": page.state})


def _narrowed(rows, state: ListState):
    if words := state.chosen.get("q"):
        rows = rows.filter(requester__last_name__istartswith=words) | rows.filter(requester__staff_id=words)
    wanted = state.chosen.get("state")
    if wanted == "escalated":
        return rows.open().exclude(escalated_at=None)
    if wanted:
        return rows.open() if wanted == "open" else rows.filter(state=wanted)
    return rows


def _line(row: AccessRequest) -> dict[str, object]:
    person = row.requester
    return {
        "who": Cell(
            str(person),
            url=reverse("security:request", args=[row.pk]),
            sub=row.district.name,
        ),
        "role": Cell(row_of(Role(row.role)).title, sub=desk.places_in_words(row)),
        "submitted": row.submitted_at,
        "state": Cell(status=STATUS[RequestState(row.state)]),
    }


def _found(request: HttpRequest, pk: int) -> AccessRequest:
    """404 outside of the person's districts (SEC-18)."""
    rows = deciding.requests_seen_by(request.user).select_related(
        "requester", "district__state", "approved_by", "closed_by"
    )
    return get_object_or_404(rows.prefetch_related("places__district", "places__site"), pk=pk)


@require_safe
def show_request(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk), DenyForm())


def _show(request: HttpRequest, row: AccessRequest, form: DenyForm, status: int = 200) -> HttpResponse:
    user = request.user
    move = desk.MOVES.get(RequestState(row.state))
    context = {
        "asked": row,
        "role": row_of(Role(row.role)),
        "status": STATUS[RequestState(row.state)],
        "phases": phases_of(row),
        "move": move,
        "button": desk.BUTTON.get(move, ""),
        "hint": HINTS.get(move, ""),
        "why_not": deciding.why_not(user, row, move) if move else "",
        "may_deny": row.is_open and deciding.why_not(user, row, Move.DENY) is None,
        "may_withdraw": row.is_open and deciding.why_not(user, row, Move.WITHDRAW) is None,
        "given": row.assignments.select_related("district", "site"),
        "coordinates": deciding.holds_at(user, Permission.GRANT_ACCESS, row.district_id),
        "form": form,
    }
    return render(request, "security/request.html", context, status=status)


@require_POST
def decide(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Approve, grant, deny or withdraw. What came too late is said, and nothing is done twice."""
    row = _found(request, pk)
    if move not in list(Move):
        raise Http404
    form = DenyForm(request.POST)
    if move == Move.DENY and not form.is_valid():
        return _show(request, row, form, status=400)
    if move in GIVES and (question := asked_again(request)):
        return question
    try:
        _do(request, row, Move(move), form)
    except RuleBroken as broken:
        messages.error(request, f"Nothing was changed. {broken}")
    else:
        messages.success(request, SAID[Move(move)])
    to_desk = request.POST.get("back") == "desk"
    return redirect("security:desk") if to_desk else redirect("security:request", pk)


def _do(request: HttpRequest, row: AccessRequest, move: Move, form: DenyForm) -> None:
    if move == Move.DENY:
        verbs.deny(by=request.user, request=row, reason=form.cleaned_data["reason"])
        return
    verb = {Move.APPROVE: verbs.approve, Move.GRANT: verbs.grant, Move.WITHDRAW: verbs.withdraw}[move]
    verb(by=request.user, request=row)


@require_POST
def without_iep_forms(request: HttpRequest, pk: int) -> HttpResponse:
    """The role goes on without IEP Forms (SEC-15)."""
    role = _role_of_my_district(request, pk)
    try:
        end_iep_forms(by=request.user, assignment=role, note=request.POST.get("note", ""))
    except RuleBroken as broken:
        messages.error(request, f"Nothing was changed. {broken}")
    else:
        messages.success(request, "IEP Forms access has ended. The role goes on without it.")
    return redirect("security:request", role.request_id) if role.request_id else redirect("security:desk")


def _role_of_my_district(request: HttpRequest, pk: int) -> Assignment:
    role = get_object_or_404(Assignment.objects.select_related("district", "site__district", "user"), pk=pk)
    place = district_of(role)
    if place is None or not deciding.holds_at(request.user, Permission.GRANT_ACCESS, place):
        raise Http404
    return role


def district_or_404(request: HttpRequest, pk: int) -> District:
    """A district at which this person has a desk."""
    found = next((row for row in desk.districts_of(request.user) if row.pk == pk), None)
    if found is None:
        raise Http404
    return found
