"""One component of an evaluation: written and completed by its evaluator, taken back or given on by the
coordinator."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from evaluations import access, actions
from evaluations.forms import ReasonForm
from evaluations.forms_of_parts import CompletionForm, ComponentForm, GiveOnForm
from evaluations.models import Component, Evaluation
from evaluations.progress import components_of
from evaluations.views.page import found, ids_of
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from security.views.tried import tried
from ui.dates import clock

SAID = {
    "complete": "The component is completed. Its findings stand in the report.",
    "reopen": "The component is open again.",
    "take_back": "The component is taken back.",
    "give_on": "The component is given on. What was written before stands in it, and in the history.",
}


def component(request: HttpRequest, pk: int, component: int) -> HttpResponse:
    this, part = _part(request, pk, component)
    if request.method != "POST":
        request.user.looked_at(this.student_id, "component of an evaluation")
        return _show(request, this, part)
    deed = request.POST.get("deed", "")
    deed = deed if deed in SAID else "complete"
    form = _typed(request, this, deed)
    if form.is_valid() and tried(form, lambda: _do(request, part, deed, form)):
        messages.success(request, SAID[deed])
        return redirect("evaluations:evaluation", pk)
    return _show(request, this, part, deed, form)


@require_POST
def write(request: HttpRequest, pk: int, component: int) -> HttpResponse:
    """200 with the new version; 400 with the sentence, the text stays on the page."""
    _, part = _part(request, pk, component)
    typed = {"instruments": part.instruments, "findings": part.findings, **request.POST.dict()}
    form = ComponentForm(typed)
    try:
        if not form.is_valid():
            raise RuleBroken(" ".join(sentence for each in form.errors.values() for sentence in each))
        version = _number(request.POST.get("version", ""))
        saved = actions.write_component(
            by=request.user, component=part, assessed=form.assessed(), version=version
        )
    except (RuleBroken, NotAllowed) as broken:
        status = 403 if isinstance(broken, NotAllowed) else 400
        return JsonResponse({"message": f"Not saved: {broken}"}, status=status)
    at = clock(timezone.localtime(timezone.now()))
    return JsonResponse({"version": saved.version, "saved_at": at})


def _part(request: HttpRequest, pk: int, component: int) -> tuple[Evaluation, Component]:
    """404 outside of the person's scope."""
    this = found(request, pk)
    part = get_object_or_404(Component.objects.select_related("evaluator"), pk=component, evaluation=this)
    part.evaluation = this
    return this, part


def _typed(request: HttpRequest, this: Evaluation, deed: str) -> Form:
    match deed:
        case "complete":
            return CompletionForm(request.POST)
        case "give_on":
            return GiveOnForm(request.POST, evaluation=this)
        case _:
            return ReasonForm(request.POST)


def _fresh(part: Component) -> CompletionForm:
    return CompletionForm(
        initial={
            "instruments": part.instruments, "findings": part.findings,
            "on": part.completed_on or timezone.localdate(),
        }
    )  # fmt: skip


def _do(request: HttpRequest, part: Component, deed: str, form: Any) -> object:
    if deed == "reopen":
        return actions.reopen_component(by=request.user, component=part, reason=form.cleaned_data["reason"])
    if deed == "give_on":
        given = {name: form.cleaned_data[name] for name in ("on", "reason", "seen")}
        to = form.people[form.cleaned_data["evaluator"]]
        return actions.give_on_component(by=request.user, component=part, to=to, **given)
    if deed == "take_back":
        return actions.take_back_component(
            by=request.user, component=part, reason=form.cleaned_data["reason"]
        )
    return actions.complete_component(
        by=request.user, component=part, on=form.cleaned_data["on"], assessed=form.assessed(),
        version=_number(request.POST.get("version", "")),
    )  # fmt: skip


def _number(text: str) -> int:
    """What cannot be read counts as never seen, so that nothing is overwritten by it."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _show(
    request: HttpRequest, this: Evaluation, part: Component, deed: str = "", typed: Form | None = None
) -> HttpResponse:
    """`typed` is what was refused for a deed."""
    user, form = request.user, typed if typed and deed == "complete" else _fresh(part)
    context = {
        "evaluation": this,
        "ids": ids_of(this.student),
        "component": part,
        "row": next(row for row in components_of(this) if row.component.pk == part.pk),
        "form": form,
        "reason_form": typed if typed and deed in ("reopen", "take_back") else ReasonForm(),
        "give_on_form": _to_give_on(user, this, part, typed if deed == "give_on" else None),
        "written_before": part.written_before(),
        "unsaved": [form[name] for name in ("instruments", "findings") if form[name].value()]
        if form.is_bound
        else [],
        "why_not": access.why_not_complete(user, part),
        "may_take_back": part.completed_on is None and access.why_not_edit(user, this) is None,
    }
    return render(request, "evaluations/component.html", context, status=400 if typed else 200)


def _to_give_on(user: User, this: Evaluation, part: Component, typed: Form | None) -> Form | None:
    if access.why_not_give_on(user, part):
        return typed
    first = {"on": timezone.localdate(), "seen": this.version}
    return typed or GiveOnForm(evaluation=this, initial=first)
