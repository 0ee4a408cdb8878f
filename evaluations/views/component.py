"""One component of an evaluation: written and completed by its evaluator, taken back by the coordinator."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from evaluations import access, actions
from evaluations.forms import ReasonForm
from evaluations.forms_of_parts import CompletionForm, ComponentForm
from evaluations.models import Component, Evaluation
from evaluations.progress import components_of
from evaluations.views.page import found, ids_of
from security.refusals import NotAllowed, RuleBroken
from security.views.tried import tried
from ui.dates import clock

SAID = {
    "complete": "The component is completed. Its findings stand in the report.",
    "reopen": "The component is open again.",
    "take_back": "The component is taken back.",
}


def component(request: HttpRequest, pk: int, component: int) -> HttpResponse:
    this, part = _part(request, pk, component)
    if request.method != "POST":
        request.user.looked_at(this.student_id, "component of an evaluation")
        return _show(request, this, part, _fresh(part), ReasonForm())
    deed = request.POST.get("deed", "")
    deed = deed if deed in SAID else "complete"
    form = CompletionForm(request.POST) if deed == "complete" else ReasonForm(request.POST)
    if form.is_valid() and tried(form, lambda: _do(request, part, deed, form)):
        messages.success(request, SAID[deed])
        return redirect("evaluations:evaluation", pk)
    forms = (form, ReasonForm()) if deed == "complete" else (_fresh(part), form)
    return _show(request, this, part, *forms, status=400)


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
    request: HttpRequest, this: Evaluation, part: Component, form: CompletionForm, reason: ReasonForm,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    user = request.user
    context = {
        "evaluation": this,
        "ids": ids_of(this.student),
        "component": part,
        "row": next(row for row in components_of(this) if row.component.pk == part.pk),
        "form": form,
        "reason_form": reason,
        "unsaved": [form[name] for name in ("instruments", "findings") if form[name].value()]
        if form.is_bound
        else [],
        "why_not": access.why_not_complete(user, part),
        "may_take_back": part.completed_on is None and access.why_not_edit(user, this) is None,
    }
    return render(request, "evaluations/component.html", context, status=status)
