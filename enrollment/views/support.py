"""Requests to the state: asking, answering, and the state's own settings."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from enrollment import actions
from enrollment.access import check_may_decide, check_may_exit, why_not_decide, why_not_exit
from enrollment.actions.settings import save_settings, settings_of
from enrollment.actions.support import due_diligence_of
from enrollment.forms.support import AddForm, AnswerForm, AskForm, SettingsForm
from enrollment.models import RequestState, SupportRequest
from enrollment.rules.support_issues import issue_of
from enrollment.views.after import found
from enrollment.views.work import STANDING
from organizations.models import State
from security.models import User
from security.views.tried import did, tried
from students.access import jurisdiction_in_view
from students.facts import short_facts


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """A request about one enrollment; urgent matters go another way (R11.05)."""
    enrollment = found(request, pk)
    check_may_exit(request.user, enrollment)
    first = {"due_diligence": due_diligence_of(enrollment) if enrollment.last_day else ""}
    form = AskForm(request.POST or None, request.FILES or None, initial=first)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        if tried(form, lambda: actions.ask_the_state(by=request.user, enrollment=enrollment, **typed)):
            messages.success(request, "The request is sent. The answer will stand with it.")
            return redirect("enrollment:requests")
    student = enrollment.student
    context = {
        "enrollment": enrollment, "student": student, "form": form,
        "facts": short_facts(student, jurisdiction_in_view(student), enrollment.site, timezone.localdate()),
        "urgent_email": settings_of(enrollment.district.state).urgent_email,
    }  # fmt: skip
    return render(request, "enrollment/ask.html", context)


def support_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with its answers; the state answers, the district adds or takes back."""
    rows = SupportRequest.objects.visible_to(request.user).select_related(
        "student", "district", "enrollment__district", "enrollment__site"
    )
    asked = rows.prefetch_related("answers").filter(pk=pk).first()
    if asked is None:
        raise Http404
    request.user.looked_at(asked.student_id, "request to the state")
    forms_of = {
        "answer": AnswerForm(auto_id="answer_%s"),
        "add": AddForm(auto_id="add_%s"),
        "withdraw": None,
    }
    status = 200
    if request.method == "POST":
        deed, form = _deed(request, asked)
        if form is None or form.is_valid():
            did(request, lambda: deed(form), "Saved.")
            return redirect("enrollment:request", pk)
        forms_of[request.POST["deed"]], status = form, 400
    return render(request, "enrollment/request.html", _context(request.user, asked, forms_of), status=status)


def _deed(request: HttpRequest, asked: SupportRequest) -> tuple[Callable, forms.Form | None]:
    by, name = request.user, request.POST.get("deed", "")
    if name == "answer":
        check_may_decide(by)
        return (
            lambda form: actions.answer_request(
                by=by, request=asked, words=form.cleaned_data["words"],
                state=RequestState(form.cleaned_data["state"]),
            ),
            AnswerForm(request.POST, auto_id="answer_%s"),
        )  # fmt: skip
    if asked.enrollment:
        check_may_exit(by, asked.enrollment)
    if name == "add":
        form = AddForm(request.POST, auto_id="add_%s")
        return lambda form: actions.add_to_request(by=by, request=asked, **form.cleaned_data), form
    if name == "withdraw":
        return lambda form: actions.withdraw_request(by=by, request=asked), None
    raise Http404


def _context(user: User, asked: SupportRequest, forms_of: dict) -> dict[str, object]:
    is_open = asked.closed_at is None
    people = {answer.by_id for answer in asked.answers.all()} | {asked.by_id}
    names = {person.pk: person.get_full_name() for person in User.objects.filter(pk__in=people - {None})}
    answers = [(answer, names.get(answer.by_id, "the system")) for answer in asked.answers.all()]
    mine = asked.enrollment is not None and why_not_exit(user, asked.enrollment) is None
    return {
        "asked": asked,
        "asker": names.get(asked.by_id, "the system"),
        "issue": issue_of(asked.sub_category),
        "status": STANDING[RequestState(asked.state)],
        "answers": answers,
        "may_answer": is_open and why_not_decide(user) is None,
        "may_add": is_open and mine,
        "why_not": "" if is_open else "This request is closed. What was said stays here.",
        "waits": "" if not is_open or mine else why_not_decide(user) or "",
        **{f"{name}_form": form for name, form in forms_of.items()},
    }


def settings(request: HttpRequest) -> HttpResponse:
    """What the state decides about its rules; one page, one state."""
    check_may_decide(request.user)
    states = list(State.objects.order_by("name"))
    asked = request.GET.get("state", "")
    state = next((row for row in states if row.code == asked), states[0] if states else None)
    if state is None:
        raise Http404
    now = settings_of(state)
    first = {"held_share": round(now.held_share * 100)}
    form = SettingsForm(request.POST or None, instance=now, initial=first)
    if form.is_bound and form.is_valid():
        save_settings(by=request.user, state=state, **form.cleaned_data)
        messages.success(request, "Saved. It holds from now on.")
        return redirect(f"{request.path}?state={state.code}")
    context = {"form": form, "state": state, "states": states}
    return render(request, "enrollment/settings.html", context, status=400 if form.errors else 200)
