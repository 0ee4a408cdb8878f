"""One person's access: every role with its why, and what takes access away."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organizations.models import District
from security.access import holds
from security.access.requests import looks_after_the_state
from security.actions.assign import district_of
from security.actions.depart import depart, why_not_withdraw, withdraw_departure
from security.actions.duties import change_duties, confirm_role, part_of, why_not_confirm, why_not_report
from security.actions.end_role import end_role
from security.actions.staff_file import lift
from security.forms.removal import DepartureForm, DutiesForm, EndRoleForm, LiftForm
from security.models import Absence, Assignment, Departure, EndReason, Justification, User
from security.queries.authorized import role_name
from security.queries.places import districts_of, people_of
from security.rules.roles import Permission
from security.views.place import chosen_district
from security.views.reauthentication import sure_it_is_you
from security.views.tried import did
from ui.dates import clock, in_words, moment_in_words
from ui.parts import Status


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(people_of(request.user), pk=pk)
    return render(request, "security/people/person.html", _context(request, user))


def _context(request: HttpRequest, user: User, **forms) -> dict:
    district, now = chosen_district(request), timezone.now()
    may_end = holds(request.user, Permission.GRANT_ACCESS, district)
    departure = Departure.objects.ahead(now).filter(user=user, district=district).first()
    reports = why_not_report(request.user, district) is None and user != request.user
    return {
        "subject": user,
        "district": district,
        "rows": [_role(row, request.user, may_end) for row in _roles(district, user)],
        "about": _about(user),
        "to_justify": [
            (row, role_name(row.assignment), _ending(row.ends_at), why_not_confirm(request.user, row))
            for row in _to_justify(district, user, now)
        ],
        "absence": Absence.objects.open().filter(user=user, district=district).first(),
        "departure": departure,
        "why_not_take_back": departure and why_not_withdraw(request.user, departure),
        "may_end": may_end,
        "departure_form": forms.get("departure_form") or DepartureForm(),
        "duties_form": (forms.get("duties_form") or DutiesForm()) if reports else None,
        "lift_form": forms.get("lift_form") or LiftForm(),
    }


def _about(user: User) -> str:
    seen = f"last sign-in {moment_in_words(user.last_login)}" if user.last_login else "never signed in"
    staff = f"staff {user.staff_id}" if user.staff_id else "no staff ID linked"
    return ", ".join(filter(None, (user.position, staff, seen))) + "."


def _roles(district: District, user: User) -> QuerySet[Assignment]:
    rows = Assignment.objects.reaching(district, timezone.localdate()).filter(user=user)
    return rows.select_related("district", "site", "granted_by", "ended_by").order_by("-first_day", "-pk")


def _to_justify(district: District, user: User, now: datetime) -> QuerySet[Justification]:
    rows = Justification.objects.open(now).filter(assignment__in=_roles(district, user))
    return rows.select_related("assignment__site", "assignment__district", "supervisor", "coordinator")


def _role(row: Assignment, reader: User, may_end: bool) -> dict[str, object]:
    given = f"given by {row.granted_by}" if row.granted_by else "given when the system was set up"
    return {
        "assignment": row,
        "name": role_name(row),
        "place": str(row.place or "the whole state"),
        "since": row.first_day,
        "given": ": ".join(filter(None, (given, row.reason))),
        "status": status_of(row),
        "because": because_of(row),
        "may_end": may_end and runs(row),
    }


def runs(row: Assignment) -> bool:
    over = row.last_day and row.last_day < timezone.localdate()
    return not over and (row.ended_at is None or row.ended_at > timezone.now())


def status_of(row: Assignment) -> Status:
    if row.ended_at:
        if row.ended_at > timezone.now():
            return Status("warn", _ending(row.ended_at, to_the_minute=False), "schedule")
        return Status("quiet", f"ended {in_words(timezone.localtime(row.ended_at))}")
    if row.last_day:
        return Status("info", f"until {in_words(row.last_day)}", "event")
    return Status("good", "in force")


def because_of(row: Assignment) -> str:
    """Why it ends or ended, and by whom."""
    if not row.ended_at:
        return ""
    by = f" by {row.ended_by}" if row.ended_by else ""
    return ", ".join(filter(None, (f"{EndReason(row.end_reason).label}{by}", row.end_note)))


def _ending(at: datetime, to_the_minute: bool = True) -> str:
    """A whole day ends with it; any other instant is told to the minute."""
    local = timezone.localtime(at)
    if (local.hour, local.minute) == (0, 0):
        return f"ends after {in_words(local - timedelta(minutes=1))}"
    return f"ends {in_words(local)}, {clock(local)}" if to_the_minute else f"ends {in_words(local)}"


def _back(request: HttpRequest, user: User, district: District) -> HttpResponse:
    return redirect(f"{reverse('security:access_of', args=[user.pk])}?district={district.pk}")


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Employment ends (SEC-40)."""
    user, district = get_object_or_404(people_of(request.user), pk=pk), chosen_district(request)
    form = DepartureForm(request.POST)
    if not form.is_valid():
        return render(request, "security/people/person.html", _context(request, user, departure_form=form))
    at = form.ends_at()
    when = moment_in_words(at) if at and at > timezone.now() else "now"
    note = form.cleaned_data["note"]
    did(
        request,
        lambda: depart(by=request.user, user=user, district=district, ends_at=at, note=note),
        f"Every role of {user} at {district} ends {when}, and their sessions with it.",
    )
    return _back(request, user, district)


@require_POST
def duties(request: HttpRequest, pk: int) -> HttpResponse:
    """Duties change (SEC-41)."""
    user, district = get_object_or_404(people_of(request.user), pk=pk), chosen_district(request)
    form = DutiesForm(request.POST)
    if not form.is_valid():
        return render(request, "security/people/person.html", _context(request, user, duties_form=form))
    did(
        request,
        lambda: change_duties(by=request.user, user=user, district=district, note=form.cleaned_data["note"]),
        "Noted. Each role ends after five business days unless supervisor and coordinator confirm it.",
    )
    return _back(request, user, district)


@require_POST
@sure_it_is_you
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A role after a change in duties is still needed."""
    district = chosen_district(request)
    roles = Assignment.objects.reaching(district, timezone.localdate())
    rows = Justification.objects.filter(assignment__in=roles)
    row = get_object_or_404(rows.select_related("assignment__user", "assignment__site"), pk=pk)
    part = part_of(request.user, row)
    did(
        request,
        lambda: confirm_role(by=request.user, justification=row),
        f"Confirmed as {part}. The role goes on once both have confirmed it.",
    )
    return _back(request, row.assignment.user, district)


@require_POST
@sure_it_is_you
def resolve_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """The person stays although the staff file lacks them (SEC-42)."""
    district = chosen_district(request)
    row = get_object_or_404(Absence.objects.filter(district=district).select_related("user"), pk=pk)
    form = LiftForm(request.POST)
    if not form.is_valid():
        return render(request, "security/people/person.html", _context(request, row.user, lift_form=form))
    note = form.cleaned_data["note"]
    did(
        request, lambda: lift(by=request.user, absence=row, note=note), f"{row.user} stays; the flag is gone."
    )
    return _back(request, row.user, district)


@require_POST
@sure_it_is_you
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A departure that is still ahead was a mistake."""
    district = chosen_district(request)
    row = get_object_or_404(Departure.objects.filter(district=district).select_related("user"), pk=pk)
    said = "Taken back: the roles go on."
    did(request, lambda: withdraw_departure(by=request.user, departure=row), said)
    return _back(request, row.user, district)


def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One role, with a page that asks why."""
    row = get_object_or_404(Assignment.objects.select_related("user", "district", "site"), pk=pk)
    district = _answering(request, row)
    form = EndRoleForm(request.POST or None, by_the_state=district is None)
    if request.method == "POST" and form.is_valid():
        reason = EndReason(form.cleaned_data["reason"])
        note = form.cleaned_data["note"]
        said = f"The role of {row.user} {_where(row)} has ended."
        did(request, lambda: end_role(by=request.user, assignment=row, reason=reason, note=note), said)
        return _back(request, row.user, district) if district else redirect("security:statewide")
    context = {
        "assignment": row,
        "what": f"{role_name(row)} {_where(row)}, since {in_words(row.first_day)}.",
        "heading": f"End a role of {row.user}",
        "district": district,
        "form": form,
    }
    return render(request, "security/people/end_role.html", context)


def _answering(request: HttpRequest, row: Assignment) -> District | None:
    """The district that answers for the role; None where only the state does. 404 for everybody else's."""
    pk = district_of(row)
    if pk is None and looks_after_the_state(request.user):
        return None
    return get_object_or_404(districts_of(request.user), pk=pk)


def _where(row: Assignment) -> str:
    return f"at {row.place}" if row.place else "for the whole state"
