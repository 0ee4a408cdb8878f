"""One child's notices, contacts with the parents, and their requests for records."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from enrollment.models import ContactAttempt
from evaluations.views.page import ids_of
from notices import access, actions
from notices.forms import ContactForm, RecordsForm
from notices.models import Notice, RecordsRequest
from notices.rules.kinds import offered
from notices.views.shown import standing_of, status_of, told_by
from security.views.tried import tried
from students.access import student_or_404
from students.models import Student

FORMS: dict[str, type[forms.Form]] = {"contact": ContactForm, "records": RecordsForm}
SAID = {
    "contact": "The attempt is recorded.",
    "records": "The request is recorded. The 45 days run from the day on which it came in.",
}


@require_safe
def child(request: HttpRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.user, pk)
    request.user.looked_at(student.pk, "notices and contacts")
    return _page(request, student)


@require_POST
def add(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A contact, or a request for records."""
    if name not in FORMS:
        raise Http404
    student = student_or_404(request.user, pk)
    access.check_may_keep_contacts(request.user, student)
    request.user.looked_at(student.pk, "notices and contacts")
    form = FORMS[name](request.POST, request.FILES, auto_id=f"{name}_%s")
    if form.is_valid() and tried(form, _deed(request, student, form)):
        messages.success(request, SAID[name])
        return redirect("notices:child", student.pk)
    return _page(request, student, {name: form}, status=400)


def _deed(request: HttpRequest, student: Student, form: Any) -> Callable[[], object]:
    if isinstance(form, ContactForm):
        file = form.cleaned_data["file"]
        return lambda: actions.log_contact(by=request.user, student=student, tried=form.tried(), file=file)
    return lambda: actions.take_records_request(by=request.user, student=student, asked=form.asked())


def _page(
    request: HttpRequest, student: Student, refused: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    user, today, profile = request.user, timezone.localdate(), student.state.profile
    first = {"on": today, "asked_on": today}
    mine = Notice.objects.visible_to(user).filter(student=student).prefetch_related("deliveries")
    asked = RecordsRequest.objects.visible_to(user).filter(student=student)
    context = {
        "student": student,
        "ids": ids_of(student),
        "kinds": offered(profile, today),
        "why_not_write": access.why_not_write(user, student),
        "why_not_keep": access.why_not_keep_contacts(user, student),
        "notices": [(row, status_of(row)) for row in mine],
        "contacts": told_by(ContactAttempt.objects.filter(student=student)),
        "requests": [(row, standing_of(row, profile, today)) for row in asked],
        **{f"{name}_form": kind(auto_id=f"{name}_%s", initial=first) for name, kind in FORMS.items()},
        **{f"{name}_form": form for name, form in (refused or {}).items()},
        "refused": refused,
    }
    return render(request, "notices/child.html", context, status=status)
