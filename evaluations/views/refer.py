"""Entering a referral."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from evaluations import access, actions
from evaluations.forms import ReferralForm, UnenrolledForm
from evaluations.views.page import ids_of
from organizations.models import District
from security.access import only_they_can
from security.holdings import holdings_of
from security.models import User
from security.refusals import NotAllowed
from security.rules.roles import Permission
from security.views.tried import tried
from students.models import Student


def refer(request: HttpRequest, student_id: int) -> HttpResponse:
    student = get_object_or_404(Student.objects.visible_to(request.user), pk=student_id)
    access.check_may_refer(request.user, student)
    request.user.looked_at(student.pk, "referral")
    form = ReferralForm(request.POST or None, initial=_initial(request))
    sent = request.method == "POST" and form.is_valid()
    if sent and (evaluation := tried(form, lambda: _refer(request, student, form))):
        messages.success(request, "The referral is recorded. Next: ask the parents for consent.")
        return redirect("evaluations:evaluation", evaluation.pk)
    context = {"student": student, "ids": ids_of(student), "form": form}
    return render(request, "evaluations/refer.html", context, status=400 if form.errors else 200)


def refer_unenrolled(request: HttpRequest) -> HttpResponse:
    """A child who attends no public school, and may not be known yet."""
    districts = District.objects.filter(pk__in=districts_for(request.user))
    if not districts:
        raise NotAllowed(only_they_can(Permission.REFER, None, "refer a student"))
    first = {"referral_date": timezone.localdate()}
    form = UnenrolledForm(request.POST or None, initial=first, districts=districts)
    sent = request.method == "POST" and form.is_valid()
    if sent and (evaluation := tried(form, lambda: _refer_unenrolled(request, form))):
        messages.success(request, "The referral is recorded. Next: ask the parents for consent.")
        return redirect("evaluations:evaluation", evaluation.pk)
    status = 400 if form.errors else 200
    return render(request, "evaluations/refer_unenrolled.html", {"form": form}, status=status)


def _refer_unenrolled(request: HttpRequest, form: UnenrolledForm):
    typed = form.cleaned_data
    return actions.refer_unenrolled(
        by=request.user, child=form.child(), district=typed["district"],
        not_enrolled=typed["not_enrolled"], on=typed["referral_date"], reason=typed["reason"],
    )  # fmt: skip


def districts_for(user: User) -> set[int]:
    """Where this person may refer a child who is in no school: a role at one site is not enough."""
    held = holdings_of(user)
    if Permission.REFER.value in held.statewide:
        return set(District.objects.values_list("pk", flat=True))
    return set(held.districts.get(Permission.REFER.value, ()))


def _initial(request: HttpRequest) -> dict[str, object]:
    """`?kind=REEV` where the page of the last evaluation leads here."""
    return {"referral_date": timezone.localdate(), "kind": request.GET.get("kind", "")}


def _refer(request: HttpRequest, student: Student, form: ReferralForm):
    typed = form.cleaned_data
    return actions.refer(
        by=request.user,
        student=student,
        kind=typed["kind"],
        on=typed["referral_date"],
        reason=typed["reason"],
    )
