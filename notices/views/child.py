"""One child's notices, contacts with the parents, and their requests for records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
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
from notices.forms import ContactForm, RecordsForm, RevocationForm, ServicesEndForm, ServicesForm
from notices.models import Notice, RecordsRequest, ServicesConsent
from notices.rules.kinds import offered
from notices.views.shown import consent_status, standing_of, status_of, told_by
from organizations.rules.calendar import school_year_of
from security.models import User
from security.views.tried import tried
from students.access import student_or_404
from students.models import Student
from ui.dates import in_words
from ui.parts import Check

Deed = Callable[[User, Student, Any], object]


@dataclass(frozen=True)
class Adding:
    """`deed` takes who, which student, and the valid form; `writes`: it takes who may write notices."""

    title: str
    button: str
    form: type[forms.Form]
    deed: Deed
    said: str
    writes: bool = False


def _contact(by: User, student: Student, form: ContactForm) -> object:
    return actions.log_contact(by=by, student=student, tried=form.tried(), file=form.cleaned_data["file"])


def _records(by: User, student: Student, form: RecordsForm) -> object:
    return actions.take_records_request(by=by, student=student, asked=form.asked())


def _services(by: User, student: Student, form: ServicesForm) -> object:
    return actions.answer_services(by=by, student=student, signed=form.signed())


def _revocation(by: User, student: Student, form: RevocationForm) -> object:
    return actions.revoke_services(by=by, student=student, **form.cleaned_data)


def _services_end(by: User, student: Student, form: ServicesEndForm) -> object:
    return actions.end_services(by=by, student=student, on=form.cleaned_data["on"])


ADDING = {
    "contact": Adding(
        "An attempt to reach the parents", "Record the attempt", ContactForm, _contact,
        "The attempt is recorded.",
    ),
    "records": Adding(
        "The parents ask to see records", "Record the request", RecordsForm, _records,
        "The request is recorded. The 45 days run from the day on which it came in.",
    ),
    "services": Adding(
        "Their answer about initial services", "Record the answer", ServicesForm, _services,
        "The answer is recorded.", writes=True,
    ),
    "revocation": Adding(
        "They withdraw their consent to services", "Record the withdrawal", RevocationForm, _revocation,
        "The withdrawal is recorded. Next: a prior written notice that services end.", writes=True,
    ),
    "services-end": Adding(
        "The day on which services end", "Record the day", ServicesEndForm, _services_end,
        "The day on which services end is recorded.", writes=True,
    ),
}  # fmt: skip


@require_safe
def child(request: HttpRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.user, pk)
    request.user.looked_at(student.pk, "notices and contacts")
    return _page(request, student)


@require_POST
def add(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A contact, a request for records, or an answer about services."""
    adding = ADDING.get(name)
    if adding is None:
        raise Http404
    student = student_or_404(request.user, pk)
    check = access.check_may_write if adding.writes else access.check_may_keep_contacts
    check(request.user, student)
    request.user.looked_at(student.pk, "notices and contacts")
    form = adding.form(request.POST, request.FILES, auto_id=f"{name}_%s")
    if form.is_valid() and tried(form, lambda: adding.deed(request.user, student, form)):
        messages.success(request, adding.said)
        return redirect("notices:child", student.pk)
    return _page(request, student, name, form)


def offered_of(consents: Sequence[ServicesConsent], writes: bool, keeps: bool, today: date) -> list[str]:
    """Which of them the page offers now."""
    latest = consents[0] if consents else None
    names = ["contact", "records"] if keeps else []
    if not writes:
        return names
    if latest is None or not latest.given:
        return [*names, "services"]
    if latest.revoked_on is None:
        return [*names, "revocation"]
    return [*names, *(["services-end"] if latest.may_end(today) else []), "services"]


def _page(
    request: HttpRequest, student: Student, name: str = "", form: forms.Form | None = None
) -> HttpResponse:
    user, today, profile = request.user, timezone.localdate(), student.state.profile
    mine = Notice.objects.visible_to(user).filter(student=student).prefetch_related("deliveries")
    asked = RecordsRequest.objects.visible_to(user).filter(student=student)
    consents = list(ServicesConsent.objects.visible_to(user).filter(student=student))
    why_not_write = access.why_not_write(user, student)
    why_not_keep = access.why_not_keep_contacts(user, student)
    names = offered_of(consents, not why_not_write, not why_not_keep, today)
    context = {
        "student": student,
        "ids": ids_of(student),
        "kinds": offered(profile, today),
        "about": about_words(request),
        "safeguards": safeguards_of(student, today),
        "why_not_write": why_not_write,
        "why_not_keep": why_not_keep,
        "notices": [(row, status_of(row)) for row in mine],
        "contacts": told_by(ContactAttempt.objects.filter(student=student)),
        "requests": [(row, standing_of(row, profile, today)) for row in asked],
        "consents": [(row, consent_status(row)) for row in consents],
        "adding": [
            (each, ADDING[each], form if each == name and form else _fresh(each), each == name)
            for each in dict.fromkeys([*names, *filter(None, [name])])
        ],
    }
    return render(request, "notices/child.html", context, status=400 if form else 200)


def safeguards_of(student: Student, today: date) -> Check:
    """34 CFR 300.504(a), D22: a copy once in each school year."""
    year = school_year_of(today)
    given = student.notices.safeguards_given(year.first_day, year.last_day).get(student.pk)
    if given:
        return Check("good", f"Procedural safeguards given in {year.label}, {in_words(given)}")
    return Check("warn", f"No procedural safeguards are given yet in {year.label}")


def about_words(request: HttpRequest) -> str:
    """What a notice begun here is about, for the end of its address: "?evaluation=95"."""
    for name in ("evaluation", "enrollment"):
        number = request.GET.get(name, "")
        if number.isascii() and number.isdigit() and len(number) < 19:
            return f"?{name}={number}"
    return ""


def _fresh(name: str) -> forms.Form:
    today = timezone.localdate()
    first = {} if name == "services-end" else {"on": today, "asked_on": today}
    return ADDING[name].form(auto_id=f"{name}_%s", initial=first)
