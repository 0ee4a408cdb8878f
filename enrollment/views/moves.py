"""A registered student comes; a student moves to a nonpublic school."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from enrollment import actions
from enrollment.access import check_may_exit, serves, sites_to_enter
from enrollment.actions.move import is_other_school, why_not_move
from enrollment.actions.nonpublic import pair_of, why_not_transfer
from enrollment.forms.moves import AttendForm, MoveForm, NonpublicForm
from enrollment.models import Enrollment
from enrollment.rules.facts import REGISTERED
from enrollment.views.after import found
from organizations.models import DistrictKind, Site, SiteKind
from security.models import User
from security.views.tried import tried
from students.access import jurisdiction_in_view
from students.facts import short_facts
from ui.dates import DateNotUnderstood, in_words, read_day
from ui.parts import Effect


def attend(request: HttpRequest, pk: int) -> HttpResponse:
    """Stage 4 becomes Stage 5: the first day attended."""
    enrollment = found(request, pk)
    check_may_exit(request.user, enrollment)
    if enrollment.stage != REGISTERED or enrollment.last_day:
        messages.info(request, "This student is not waiting for a first day: nothing was changed.")
        return redirect("enrollment:after", pk)
    form = AttendForm(
        request.POST or None, district=enrollment.district, initial={"version": enrollment.version}
    )
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        if tried(form, lambda: actions.attend(by=request.user, enrollment=enrollment, **typed)):
            messages.success(request, f"{enrollment.student.full_name} attends {enrollment.site}.")
            return redirect("caseload:student", enrollment.student_id)
    return _page(request, "attend", enrollment, form)


def nonpublic(request: HttpRequest, pk: int) -> HttpResponse:
    """Out with 2040 and in with 1811; Preview shows what will stand before anything is saved."""
    enrollment = found(request, pk)
    check_may_exit(request.user, enrollment)
    if why_not := why_not_transfer(enrollment):
        messages.info(request, f"{why_not} Nothing was changed.")
        return redirect("enrollment:after", pk)
    sites = [
        site
        for site in sites_to_enter(request.user, timezone.localdate())
        if site.kind == SiteKind.NONPUBLIC and serves(site, enrollment.district)
    ]
    previewing = "preview" in request.POST
    form = NonpublicForm(request.POST or None, sites=sites, initial={"version": enrollment.version})
    if form.is_bound and form.is_valid() and not previewing:
        typed = dict(form.cleaned_data)
        site = form.sites[typed.pop("site")]
        if tried(
            form,
            lambda: actions.transfer_to_nonpublic(by=request.user, enrollment=enrollment, site=site, **typed),
        ):
            messages.success(
                request,
                f"{enrollment.student.full_name} moves to {site} on {in_words(typed['first_day'])}."
                f" {enrollment.district} stays responsible, and the seat is kept.",
            )
            return redirect("caseload:student", enrollment.student_id)
    more = {"effects": _effects(enrollment, form), "no_sites": not sites}
    return _page(request, "nonpublic", enrollment, form, more)


def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of one school of the district and into another."""
    enrollment = found(request, pk)
    check_may_exit(request.user, enrollment)
    if why_not := why_not_move(enrollment):
        messages.info(request, f"{why_not} Nothing was changed.")
        return redirect("enrollment:after", pk)
    first = {"version": enrollment.version, "first_day": in_words(timezone.localdate())}
    form = MoveForm(
        request.POST or None, district=enrollment.district, sites=other_schools(request.user, enrollment),
        initial=first,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        typed = dict(form.cleaned_data)
        site = form.sites[typed.pop("site")]
        if tried(
            form, lambda: actions.move_to_school(by=request.user, enrollment=enrollment, site=site, **typed)
        ):
            messages.success(
                request,
                f"{enrollment.student.full_name} moves to {site} on {in_words(typed['first_day'])}.",
            )
            return redirect("caseload:student", enrollment.student_id)
    return _page(request, "move", enrollment, form)


def other_schools(user: User, enrollment: Enrollment) -> list[Site]:
    mine = sites_to_enter(user, timezone.localdate())
    return [site for site in mine if is_other_school(enrollment, site)]


def _page(
    request: HttpRequest, name: str, this: Enrollment, form: forms.Form, more: dict[str, object] | None = None
) -> HttpResponse:
    student, today = this.student, timezone.localdate()
    context = {
        "enrollment": this,
        "student": student,
        "form": form,
        "facts": short_facts(student, jurisdiction_in_view(student), this.site, today),
        **(more or {}),
    }
    return render(request, f"enrollment/{name}.html", context)


def _effects(this: Enrollment, form: NonpublicForm) -> list[Effect]:
    """What the two codes do together, with the days once they are typed."""
    pair = pair_of(this)
    site = form.sites.get(form.data.get("site", "")) if form.is_bound else None
    first = _day(form)
    left = f"Leaves {this.site} with {pair.after_exit}"
    entered = f"Enters {site or 'the nonpublic school'} with {pair.code}"
    sender = this.responsible_site or this.site
    charter = this.district.kind == DistrictKind.CHARTER
    until = "enters another LEA" if charter else "enters another LEA, returns, or decides not to"
    last_day = f"Last day {in_words(first - timedelta(days=1))}" if first else ""
    first_day = f"First day {in_words(first)}: no day lies between" if first else ""
    stays = f"Responsible school: {sender}"
    return [
        Effect("State roster", left, last_day, "act", "logout"),
        Effect("State roster", entered, first_day, "act", "login"),
        Effect("Responsibility", f"{this.district} stays responsible", stays, "good", "check_circle"),
        Effect("Seat", f"A seat is kept at {sender}", f"Until the student {until}", "good", "check_circle"),
        Effect("Special education", "Nothing changes", "No exit is reported", "quiet"),
    ]


def _day(form: NonpublicForm):
    try:
        return read_day(form.data.get("first_day", ""), timezone.localdate()) if form.is_bound else None
    except DateNotUnderstood:
        return None
