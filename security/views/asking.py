"""Asking for access: the own staff ID, the request, and what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from organizations.models import District
from security.actions.requests import Wanted, ask, why_not_ask
from security.actions.staff_id import link_staff_id
from security.forms.desk import AskForm, StaffIdForm
from security.holdings import holdings_of
from security.models import AccessRequest, StaffIdConflict, User
from security.queries.people import coordinators_of, supervisors_of
from security.queries.reach import is_rolled_up, sites_of, works_for
from security.refusals import RuleBroken
from security.rules.requests import RequestState
from security.rules.roles import Role, row_of
from ui.parts import Phase, Status

STATUS = {
    RequestState.SUBMITTED: Status("warn", "waits for the supervisor", "schedule"),
    RequestState.APPROVED: Status("warn", "waits for the coordinator", "schedule"),
    RequestState.GRANTED: Status("good", "granted"),
    RequestState.DENIED: Status("bad", "denied"),
    RequestState.WITHDRAWN: Status("quiet", "withdrawn"),
}


def staff_id(request: HttpRequest) -> HttpResponse:
    """Link the own username to a staff ID; a conflict is said, and who decides it."""
    form = StaffIdForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            conflict = link_staff_id(by=request.user, staff_id=form.cleaned_data["staff_id"])
        except RuleBroken as broken:
            form.add_error(broken.field, str(broken))
        else:
            if conflict is None:
                messages.success(request, "Your staff ID is linked. Now you can ask for access.")
                return redirect("security:ask")
            form.add_error(
                "staff_id",
                "Another username is linked to this staff ID. The coordinators of both districts see it"
                " and decide; you are told.",
            )
    waiting = StaffIdConflict.objects.open().filter(claimant=request.user)
    context = {"form": form, "waiting": waiting}
    return render(request, "security/staff_id.html", context, status=400 if form.errors else 200)


def ask_for_access(request: HttpRequest) -> HttpResponse:
    """The form for one district, who decides there, and the own requests."""
    district = _chosen_district(request)
    form = _form(request, district) if district else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            asked = ask(by=request.user, wanted=Wanted(**form.wanted()))
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, str(broken))
        else:
            messages.success(request, f"Your request is with {asked.district}.")
            if asked.warning:
                messages.warning(request, asked.warning)
            return redirect("security:request", asked.pk)
    context = {
        "form": form,
        "district": district,
        "districts": District.objects.all(),
        "why_not": why_not_ask(request.user),
        "has_access": bool(holdings_of(request.user).assignments),
        "mine": mine(request.user),
    }
    if district:
        context |= {"supervisors": supervisors_of(district), "coordinators": coordinators_of(district)}
    return render(request, "security/ask.html", context, status=400 if form and form.errors else 200)


def _chosen_district(request: HttpRequest) -> District | None:
    """The one asked for, else the person's own."""
    asked = request.GET.get("district", "")
    rows = District.objects.select_related("state")
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return rows.filter(pk=int(asked)).first()
    return rows.filter(pk=request.user.district_id).first() if request.user.district_id else None


def _form(request: HttpRequest, district: District) -> AskForm:
    sites = sites_of(
        district, timezone.localdate(), affiliated=offers_affiliated_sites(request.user, district)
    )
    return AskForm(request.POST or None, district=district, sites=sites)


def offers_affiliated_sites(user: User, district: District) -> bool:
    """From the cut-over on only to who works at such a site and not for the district (ROL-05)."""
    return not is_rolled_up(district.state, timezone.now()) or not works_for(user, district)


def mine(user: User) -> list[tuple[AccessRequest, str, Status]]:
    """The own requests, newest first, each with its role's title and where it stands."""
    rows = AccessRequest.objects.filter(requester=user).select_related("district").order_by("-submitted_at")
    return [(row, row_of(Role(row.role)).title, STATUS[RequestState(row.state)]) for row in rows[:20]]


def phases_of(request: AccessRequest) -> list[Phase]:
    """Asked, approved, granted; or where it ended."""
    asked = Phase("Asked", "done", _when(request.submitted_at))
    approved = Phase("Supervisor", "done" if request.approved_at else "now", _when(request.approved_at))
    if request.state in (RequestState.DENIED, RequestState.WITHDRAWN):
        word = STATUS[RequestState(request.state)].text
        decided = [approved] if request.approved_at else []
        return [asked, *decided, Phase(word.capitalize(), "done", _when(request.closed_at))]
    if request.state == RequestState.GRANTED:
        return [asked, approved, Phase("Granted", "done", _when(request.closed_at))]
    step = "now" if request.approved_at else "todo"
    return [asked, approved, Phase("Security coordinator", step)]


def _when(at) -> str:
    return f"{timezone.localtime(at):%b %-d, %Y}" if at else ""
