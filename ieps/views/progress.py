"""The goals of one IEP: what was measured over time, and what the parents were told."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ieps import access, actions
from ieps.goals import PLANS, Goal, goals_of, measured, reported
from ieps.models import GoalReport, Iep, Line, Measurement
from ieps.progress_forms import MeasurementForm, measurement_form
from ieps.views.lists import status_of
from ieps.views.page import found, ids_of
from security.views.tried import did, tried
from ui.charts import Point
from ui.dates import in_words

POINTS_SHOWN = 8


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    request.user.looked_at(this.student_id, "progress toward goals")
    return _page(request, this)


@require_POST
def measure(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    this = found(request, pk)
    goal = get_object_or_404(Line, iep=this, section=PLANS, table="", pk=line)
    form = MeasurementForm(request.POST, auto_id=f"goal{line}_%s")
    by = request.user
    if form.is_valid() and tried(
        form, lambda: actions.measure(by=by, iep=this, goal=goal, measured=form.measured())
    ):
        messages.success(request, "The measurement is recorded.")
        return redirect(f"{reverse('ieps:progress', args=[pk])}#goal-{line}")
    return _page(request, this, {line: form}, status=400)


@require_POST
def withdraw(request: HttpRequest, pk: int, measurement: int) -> HttpResponse:
    this = found(request, pk)
    lines = {line for goal in goals_of([pk]).get(pk, []) for line in goal.lines}
    row = get_object_or_404(Measurement, goal__in=lines, student=this.student_id, pk=measurement)
    did(
        request,
        lambda: actions.withdraw_measurement(by=request.user, iep=this, measurement=row),
        "The measurement is withdrawn. It counts no more, and can still be read.",
    )
    return redirect("ieps:progress", pk)


def _page(
    request: HttpRequest, this: Iep, typed: dict[int, MeasurementForm] | None = None, status: int = 200
) -> HttpResponse:
    goals = goals_of([this.pk]).get(this.pk, [])
    values, reports = measured(goals), reported(goals)
    why_not = access.why_not_measure(request.user, this)
    context = {
        "iep": this,
        "ids": ids_of(this.student, this),
        "status": status_of(this),
        "why_not": why_not,
        "goals": [
            _shown(goal, values[goal.line], reports[goal.line], (typed or {}).get(goal.line))
            for goal in goals
        ],
    }
    return render(request, "ieps/progress.html", context, status=status)


def _shown(
    goal: Goal, values: list[Measurement], reports: Sequence[GoalReport], form: MeasurementForm | None
) -> dict[str, object]:
    return {
        "goal": goal,
        "points": points_of(values),
        "unit": _unit(values),
        "values": values[::-1],
        "reports": reports,
        "form": form or measurement_form(goal, values),
        "open": form is not None,
    }


def points_of(values: Sequence[Measurement]) -> list[Point]:
    """The last ones that stand, in the unit of the latest: a chart has one scale. None for a single one."""
    standing = [row for row in values if row.withdrawn_at is None]
    same = [row for row in standing if row.unit == standing[-1].unit][-POINTS_SHOWN:]
    whole = all(row.value == int(row.value) for row in same)
    number = int if whole else float
    return [Point(in_words(row.on), number(row.value)) for row in same] if len(same) > 1 else []


def _unit(values: Sequence[Measurement]) -> str:
    standing = [row for row in values if row.withdrawn_at is None]
    return standing[-1].unit if standing else ""
