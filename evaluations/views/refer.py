"""Entering a referral."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from evaluations import access, actions
from evaluations.forms import ReferralForm
from evaluations.views.page import ids_of
from security.views.tried import tried
from students.models import Student


def refer(request: HttpRequest, student_id: int) -> HttpResponse:
    student = get_object_or_404(Student.objects.visible_to(request.user), pk=student_id)
    access.check_may_refer(request.user, student)
    request.user.looked_at(student.pk, "referral")
    form = ReferralForm(request.POST or None, initial={"referral_date": timezone.localdate()})
    sent = request.method == "POST" and form.is_valid()
    if sent and (evaluation := tried(form, lambda: _refer(request, student, form))):
        messages.success(request, "The referral is recorded. Next: ask the parents for consent.")
        return redirect("evaluations:evaluation", evaluation.pk)
    context = {"student": student, "ids": ids_of(student), "form": form}
    return render(request, "evaluations/refer.html", context, status=400 if form.errors else 200)


def _refer(request: HttpRequest, student: Student, form: ReferralForm):
    typed = form.cleaned_data
    return actions.refer(
        by=request.user,
        student=student,
        kind=typed["kind"],
        on=typed["referral_date"],
        reason=typed["reason"],
    )
