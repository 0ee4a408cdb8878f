"""What a district records each school year, whom it designates, and its choices about access."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from organizations.models import District
from security.access import requests as deciding
from security.actions.choices import choose, why_not_choose
from security.actions.designate import (
    designate,
    process_designation,
    why_not_designate,
    withdraw_designation,
)
from security.actions.policy import record_policy, record_procedure, record_training, why_not_record
from security.actions.staff_id import conflicts_seen_by, resolve_conflict, why_not_resolve
from security.forms.desk import (
    DesignateForm,
    PolicyForm,
    ProcedureForm,
    ResolveForm,
    SettingsForm,
    TrainingForm,
)
from security.models import Designation, Resolution, User, access_settings_of
from security.queries.recorded import policy_of, procedure_of, this_school_year, training_of
from security.refusals import NotAllowed, RuleBroken
from security.views.deciding import district_or_404
from security.views.reauthentication import sure_it_is_you
from security.views.tried import tried


def _page(request: HttpRequest, title: str, why: str, form: forms.Form, **more: object) -> HttpResponse:
    context = {"title": title, "why": why, "form": form, "year": this_school_year(), **more}
    status = 400 if form.errors else 200
    return render(request, "security/record.html", context, status=status)


def _done(request: HttpRequest, district: District, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(f"{reverse('security:desk')}?district={district.pk}")


def people_of(district: District):
    return User.objects.filter(district=district, is_active=True).order_by("last_name", "first_name")


def policy(request: HttpRequest, pk: int) -> HttpResponse:
    district = district_or_404(request, pk)
    form = PolicyForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        _may_record(request, district)
        if form.is_valid() and tried(
            form, lambda: record_policy(by=request.user, district=district, **form.cleaned_data)
        ):
            return _done(request, district, "The security policy is recorded.")
    known = policy_of(district, this_school_year())
    why = "Until it is recorded no request is approved, unless the district has chosen otherwise."
    more = _known(known, known and known.iep_section)
    return _page(request, "Security policy", why, form, district=district, **more, **_may(request, district))


def procedure(request: HttpRequest, pk: int) -> HttpResponse:
    district = district_or_404(request, pk)
    form = ProcedureForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        _may_record(request, district)
        if form.is_valid() and tried(
            form, lambda: record_procedure(by=request.user, district=district, **form.cleaned_data)
        ):
            return _done(request, district, "The removal procedure is recorded.")
    known = procedure_of(district, this_school_year())
    why = "How access ends when somebody leaves or changes duties."
    more = _known(known, known and known.steps)
    return _page(
        request, "Removal procedure", why, form, district=district, **more, **_may(request, district)
    )


def training(request: HttpRequest, pk: int) -> HttpResponse:
    district = district_or_404(request, pk)
    form = TrainingForm(request.POST or None, request.FILES or None, people=people_of(district))
    if request.method == "POST":
        _may_record(request, district)
        if form.is_valid() and tried(
            form, lambda: record_training(by=request.user, district=district, **form.cleaned_data)
        ):
            return _done(request, district, "The training is recorded.")
    known = training_of(district, this_school_year())
    why = "Before the first review of a school year closes, one local training is recorded."
    words = known and f"{known.topic}, {known.attendees.count()} people"
    more = _known(known, words)
    return _page(request, "Local training", why, form, district=district, **more, **_may(request, district))


def _may_record(request: HttpRequest, district: District) -> None:
    if sentence := why_not_record(request.user, district):
        raise NotAllowed(sentence)


def _may(request: HttpRequest, district: District) -> dict[str, object]:
    return {"why_not": why_not_record(request.user, district), "button": "Record it"}


def _known(known, words: str | None) -> dict[str, object]:
    return {"known": known, "known_words": words}


def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """How the district wants its access life. The coordinators choose."""
    district = district_or_404(request, pk)
    why_not = why_not_choose(request.user, district)
    form = SettingsForm(request.POST or None, instance=access_settings_of(district))
    if request.method == "POST":
        if why_not:
            raise NotAllowed(why_not)
        if form.is_valid():
            choose(by=request.user, district=district, choices=form.cleaned_data)
            return _done(request, district, "Saved.")
    why = "What the rules of the state leave to the district."
    return _page(
        request, "Choices about access", why, form, district=district, why_not=why_not, button="Save"
    )


def designate_coordinator(request: HttpRequest, pk: int) -> HttpResponse:
    district = district_or_404(request, pk)
    form = DesignateForm(
        request.POST or None, request.FILES or None, people=people_of(district).exclude(pk=request.user.pk)
    )
    why_not = why_not_designate(request.user, district)
    if request.method == "POST":
        if why_not:
            raise NotAllowed(why_not)
        if form.is_valid() and tried(
            form, lambda: designate(by=request.user, district=district, **form.cleaned_data)
        ):
            return _done(request, district, "Submitted. The state processes the form and tells you.")
    why = "The superintendent designates; the state processes the form and gives the role."
    more = {"button": "Designate", "why_not": why_not, "in_force": _in_force(district)}
    return _page(request, "Security coordinator", why, form, district=district, **more)


def _in_force(district: District):
    return Designation.objects.in_force().filter(district=district).select_related("user", "form")


@require_POST
@sure_it_is_you
def process(request: HttpRequest, pk: int) -> HttpResponse:
    """The state gives the role."""
    if not deciding.looks_after_the_state(request.user):
        raise NotAllowed("Only a state administrator can process a designation.")
    designation = get_object_or_404(Designation, pk=pk)
    try:
        process_designation(by=request.user, designation=designation)
    except RuleBroken as broken:
        messages.error(request, f"Nothing was changed. {broken}")
    else:
        messages.success(request, "Processed. The coordinator has the role from now on.")
    return redirect("security:desk")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A designation that still waits; by the superintendent, or sent back by the state."""
    designation = get_object_or_404(Designation, pk=pk)
    if not deciding.looks_after_the_state(request.user):
        district_or_404(request, designation.district_id)
    try:
        withdraw_designation(by=request.user, designation=designation)
    except RuleBroken as broken:
        messages.error(request, f"Nothing was changed. {broken}")
    else:
        messages.success(request, "Withdrawn. The person can be designated anew.")
    return redirect(f"{reverse('security:desk')}?district={designation.district_id}")


def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Two usernames, one staff ID: a coordinator of either district decides (SEC-11)."""
    rows = conflicts_seen_by(request.user).select_related(
        "claimant__district", "holder__district", "resolved_by"
    )
    row = get_object_or_404(rows, pk=pk)
    form = ResolveForm(request.POST or None)
    why_not = why_not_resolve(request.user, row)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data | {"resolution": Resolution(form.cleaned_data["resolution"])}
        if tried(form, lambda: resolve_conflict(by=request.user, conflict=row, **typed)):
            messages.success(request, "Decided. Both people are told.")
            return redirect("security:desk")
    with_district = row.claimant.district_id or row.holder.district_id
    sub = (
        "The coordinators of both districts see this. One of them decides."
        if with_district
        else "Neither person has a district, so the state decides."
    )
    context = {"conflict": row, "form": form, "why_not": why_not, "sub": sub}
    return render(request, "security/conflict.html", context, status=400 if form.errors else 200)
