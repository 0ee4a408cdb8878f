"""Progress reports of a caseload: the goals of every IEP in one page, who is missing, and telling parents."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evaluations.rules.standing import Standing
from ieps import access, actions
from ieps.goals import in_force
from ieps.models import GoalReport, Iep
from ieps.progress_forms import ProgressForm, progress_form
from ieps.reporting import NO_CALENDAR, GoalDue, ReportDue, reports_due
from organizations.models import District
from security.refusals import RuleBroken, Stale
from students.access import responsible_for
from ui.parts import Status

ON_A_PAGE = 15
MINE, ALL = "me", "all"
STANDINGS = {
    Standing.MET: Status("good", "the parents were told"),
    Standing.LATE: Status("bad", "overdue"),
    Standing.OPEN: Status("info", "not told yet", "schedule"),
}
Typed = Mapping[int, ProgressForm]


@require_http_methods(["GET", "HEAD", "POST"])
def progress_reports(request: HttpRequest) -> HttpResponse:
    """`?who=me|all`, `?before=1` for the period before this one, `?page=`."""
    due = _due(request)
    if request.method != "POST":
        return _page(request, due)
    refused = _save(request, due)
    if refused:
        messages.error(request, "Not everything is saved: look at what is said beside the goals.")
        return _page(request, due, refused, status=400)
    if "issue" in request.POST and not _issue(request, due, request.POST["issue"]):
        return _page(request, _due(request), status=400)
    return redirect(request.get_full_path())


def _due(request: HttpRequest) -> list[ReportDue]:
    """Of the IEPs on this page of the list."""
    today = timezone.localdate()
    rows = Iep.objects.visible_to(request.user).filter(in_force(today, today))
    if request.GET.get("who", MINE) != ALL:
        rows = rows.filter(author=request.user)
    rows = rows.select_related("student__state", "district").order_by("student__sort_name", "pk")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    request.list_page = page
    due = reports_due(page.object_list, today)
    return _before(due) if request.GET.get("before") else due


def _before(due: Sequence[ReportDue]) -> list[ReportDue]:
    """The same IEPs for the period before; those in their first period of the year stay out."""
    found: list[ReportDue] = []
    days = {one.earlier[-1].last for one in due if one.earlier}
    for day in days:
        those = [one.iep for one in due if one.earlier and one.earlier[-1].last == day]
        found += reports_due(those, day)
    return sorted(found, key=lambda one: (one.iep.student.sort_name, one.iep.pk))


def _save(request: HttpRequest, due: Sequence[ReportDue]) -> dict[int, ProgressForm]:
    """What was sent for the goals shown; those that were refused, by their line."""
    refused = {}
    for one in due:
        for each in one.goals:
            form = progress_form(each.goal, each.report, request.POST)
            if one.period is None or form.add_prefix("text") not in request.POST:
                continue
            if not form.is_valid() or not _saved(request, one, each, form):
                refused[each.goal.line] = form
    return refused


def _saved(request: HttpRequest, one: ReportDue, each: GoalDue, form: ProgressForm) -> bool:
    typed = form.progress()
    if each.report is None and typed.sufficient is None and not typed.text.strip():
        return True
    try:
        actions.save_progress(by=request.user, iep=one.iep, goal=each.goal, period=one.period, progress=typed)
    except RuleBroken as broken:
        form.add_error("text", str(broken))
        if isinstance(broken, Stale):
            _has_seen(form, each, one)
        return False
    return True


def _has_seen(form: ProgressForm, each: GoalDue, one: ReportDue) -> None:
    """What stands there is shown beside the text: saved once more, that one has been seen."""
    there = GoalReport.objects.get(goal=each.goal.line, last_day=one.period.last)
    form.data = form.data.copy()
    form.data[form.add_prefix("seen")] = str(there.version)


def _issue(request: HttpRequest, due: Sequence[ReportDue], iep: str) -> bool:
    one = next((one for one in due if str(one.iep.pk) == iep and one.period), None)
    if one is None:
        messages.error(request, "This report is not on the page any more.")
        return False
    try:
        actions.issue_progress(by=request.user, iep=one.iep, period=one.period, on=timezone.localdate())
    except RuleBroken as broken:
        messages.error(request, f"Not issued for {one.iep.student.full_name}: {broken}")
        return False
    name = one.iep.student.full_name
    messages.success(request, f"The report of {name} is issued. Print or deliver it now.")
    return True


def _page(
    request: HttpRequest, due: Sequence[ReportDue], typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    request.user.saw_among_others([one.iep.student_id for one in due], "progress reports")
    today, page = timezone.localdate(), request.list_page
    places = responsible_for([one.iep.student_id for one in due])
    context = {
        "reports": [_shown(one, typed or {}, today, _why_not(request, one, places)) for one in due],
        "told": sum(1 for one in due if one.notice_id),
        "missing": [one for one in due if one.goals and not one.notice_id],
        "page": page,
        "chips": _chips(request),
        "query": _query(request),
    }
    return render(request, "ieps/progress_reports.html", context, status=status)


def _why_not(request: HttpRequest, one: ReportDue, places: Mapping[int, District]) -> str:
    sentence = access.why_not_measure(request.user, one.iep, places.get(one.iep.student_id))
    return sentence or ("" if one.period else NO_CALENDAR)


def _shown(one: ReportDue, typed: Typed, today: date, why_not: str) -> dict[str, object]:
    return {
        "due": one,
        "status": STANDINGS[one.standing(today)] if one.period else Status("warn", "no period"),
        "why_not": why_not,
        "goals": [
            (each, typed.get(each.goal.line) or progress_form(each.goal, each.report)) for each in one.goals
        ],
    }


def _query(request: HttpRequest, **changed: str) -> str:
    kept = {"who": request.GET.get("who", MINE), "before": request.GET.get("before", "")} | changed
    return "&".join(f"{key}={value}" for key, value in kept.items() if value in (MINE, ALL, "1"))


def _chips(request: HttpRequest) -> list[tuple[str, str, bool]]:
    who, before = request.GET.get("who", MINE), request.GET.get("before", "")
    return [
        (f"?{_query(request, who=MINE)}", "My students", who != ALL),
        (f"?{_query(request, who=ALL)}", "Every student that I see", who == ALL),
        (f"?{_query(request, before='')}", "This period", not before),
        (f"?{_query(request, before='1')}", "The period before", bool(before)),
    ]
