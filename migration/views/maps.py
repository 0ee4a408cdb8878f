"""Legacy codes that are read as ours: those that wait, those in force, and running the extract again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jobs.actions import enqueue
from migration.access import check_may_run
from migration.actions.map_code import map_code, unmap_code
from migration.actions.re_run import re_run
from migration.code_maps import codes_of, readings, waiting
from migration.forms import state_of_this_system
from migration.forms_of_findings import CodeForm
from migration.models import CodeMap, CodeSet
from migration.tasks import TASK
from organizations.models import State
from security.refusals import RuleBroken
from security.views.tried import tried


@require_safe
def code_maps(request: HttpRequest) -> HttpResponse:
    check_may_run(request.user)
    state = state_of_this_system()
    ended = CodeMap.objects.exclude(ended_at=None).select_related("by", "ended_by").order_by("-ended_at")
    context = {
        "waiting": [(row, _rows_url(row)) for row in waiting(state)] if state else [],
        "readings": readings(state) if state else [],
        "ended": ended.filter(of_state=state)[:20],
        "sets": CodeSet.choices,
    }
    return render(request, "migration/code_maps.html", context)


def map_a_code(request: HttpRequest) -> HttpResponse:
    """The form of one code, by its set and the legacy code."""
    check_may_run(request.user)
    state = _state_or_404()
    asked = request.POST if request.method == "POST" else request.GET
    chosen = asked.get("code_set", CodeSet.GRADE)
    code_set = CodeSet(chosen) if chosen in CodeSet.values else CodeSet.GRADE
    initial = {"code_set": code_set, "legacy_code": asked.get("legacy_code", "")[:20]}
    form = CodeForm(
        request.POST if request.method == "POST" else None, initial=initial, state=state, code_set=code_set
    )
    if form.is_bound and form.is_valid() and tried(form, lambda: _mapped(request, state, form)):
        typed = form.cleaned_data
        said = dict(codes_of(code_set, state))[typed["code"]]
        messages.success(
            request,
            f"{typed['legacy_code']} is read as {said}. Run the extract again to apply it.",
        )
        return redirect("migration:code_maps")
    return render(request, "migration/map_code.html", {"form": form, "code_set": code_set})


@require_POST
def unmap(request: HttpRequest, pk: int) -> HttpResponse:
    check_may_run(request.user)
    reading = get_object_or_404(CodeMap, pk=pk)
    unmap_code(by=request.user, reading=reading)
    messages.success(request, f"{reading.legacy_code} is not read as {reading.code} any more.")
    return redirect("migration:code_maps")


@require_POST
def run_again(request: HttpRequest) -> HttpResponse:
    """The extract that was loaded last, checked anew."""
    check_may_run(request.user)
    try:
        run = re_run(by=request.user, state=_state_or_404())
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("migration:code_maps")
    enqueue(run.job, TASK)
    return redirect("migration:run", run.pk)


def _state_or_404() -> State:
    state = state_of_this_system()
    return state or get_object_or_404(State, pk=0)


def _mapped(request: HttpRequest, state: State, form: CodeForm) -> CodeMap:
    typed = form.cleaned_data | {"code_set": CodeSet(form.cleaned_data["code_set"])}
    return map_code(by=request.user, state=state, **typed)


def _rows_url(row) -> str:
    asked = {"rule": row.rule, "state": "OPEN", "code": f"{row.column} {row.legacy_code}"}
    return f"{reverse('migration:cases')}?{urlencode(asked)}"
