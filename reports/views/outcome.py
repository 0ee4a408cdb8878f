"""What one youth answered about the time after school: a form, led to from indicator 14."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from enrollment.models import SpecialEducationActivity
from organizations.rules.calendar import school_year_of
from reports.figures.record_outcome import record_outcome, why_not_record
from reports.forms import OutcomeForm
from reports.lists.children import records
from reports.models import PostSchoolOutcome
from reports.rules.post_school import Outcome
from security.refusals import NotAllowed
from security.rules.roles import Permission
from security.scope import scope_of
from security.views.tried import tried


def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk` of the time in special education that the exit ended."""
    rows = records(scope_of(request.user, Permission.VIEW_STUDENTS), SpecialEducationActivity)
    ended = rows.exclude(last_day=None).exclude(district=None).select_related("student", "district__state")
    activity = get_object_or_404(ended, pk=pk)
    if sentence := why_not_record(request.user, activity):
        raise NotAllowed(sentence)
    request.user.saw_among_others([activity.student_id], "indicator 14")
    form = OutcomeForm(request.POST or None, initial=_known(activity))
    if form.is_bound and form.is_valid() and tried(form, lambda: _record(request, activity, form)):
        messages.success(request, "Recorded.")
        return redirect(_back(activity))
    child = activity.student
    context = {
        "form": form,
        "activity": activity,
        "name": f"{child.first_name} {child.last_name}",
        "back": _back(activity),
    }
    return render(request, "reports/outcome.html", context, status=400 if form.errors else 200)


def _record(request: HttpRequest, activity: SpecialEducationActivity, form: OutcomeForm) -> PostSchoolOutcome:
    typed = form.cleaned_data
    return record_outcome(
        by=request.user, activity=activity, outcome=Outcome[typed["outcome"]], on=typed["on"]
    )


def _known(activity: SpecialEducationActivity) -> dict[str, object]:
    found = PostSchoolOutcome.objects.filter(
        student=activity.student_id, district=activity.district_id, left_on=activity.last_day
    ).first()
    return {"outcome": found.outcome, "on": found.answered_on} if found else {}


def _back(activity: SpecialEducationActivity) -> str:
    year = school_year_of(activity.last_day).label if activity.last_day else ""
    return f"{reverse('reports:indicator_14')}?district={activity.district_id}&year={year}"
