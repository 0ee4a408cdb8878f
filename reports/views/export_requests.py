"""Large exports that wait for a second person: all of them, one of them, and the decision."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from jobs.models import Job
from reports.exports.access import seen_by, who_decide, why_not_decide
from reports.exports.second_person import approve_export, refuse_export, withdraw_export
from reports.forms import DecisionForm
from reports.lists.every import every_list
from reports.models import ExportRequest
from reports.views.groups import group_in_words
from reports.views.lists import chosen_in_words
from security.refusals import RuleBroken
from security.views.reauthentication import sure_it_is_you
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell, Status

COLUMNS = (
    Column("list", "Export"),
    Column("who", "Asked by", "asked_by__last_name"),
    Column("asked", "Asked", "asked_at"),
    Column("rows", "Rows", "rows", numeric=True),
    Column("stands", "Stands"),
)
STANDS = Filter("stands", "Stands", [("", "Waiting"), ("all", "All")])
TONES = {"": "warn", "APPROVED": "good", "REFUSED": "bad", "WITHDRAWN": "quiet"}


@require_safe
def export_requests(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, COLUMNS, filters=(STANDS,), default_sort="-asked")
    rows = seen_by(request.user)
    if "stands" not in state.chosen:
        rows = rows.filter(decision="")
    page = take(rows.order_by(*state.order_by()), state)
    page = Page(page.state, [_row(row) for row in page.rows], page.count, page.has_next)
    return render(request, "reports/export_requests.html", {"page": page, "state": page.state})


@require_safe
def export_request(request: HttpRequest, pk: int) -> HttpResponse:
    """What would leave and why, for who decides; how it stands, for who asked."""
    return _page(request, get_object_or_404(seen_by(request.user), pk=pk), DecisionForm())


@require_POST
@sure_it_is_you
def decide_export(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(seen_by(request.user), pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        messages.success(request, _decided(request, found, form.cleaned_data["words"]))
    except RuleBroken as broken:
        if broken.field:
            form.add_error(broken.field, str(broken))
            return _page(request, found, form, 422)
        messages.error(request, str(broken))
    return redirect(found)


def _decided(request: HttpRequest, found: ExportRequest, words: str) -> str:
    match request.POST.get("deed"):
        case "approve":
            approve_export(by=request.user, request=found)
            return f"The export is approved. Its file is made for {found.asked_by} now."
        case "refuse":
            refuse_export(by=request.user, request=found, words=words)
            return f"The export is refused. {found.asked_by} is told why."
        case "withdraw":
            withdraw_export(by=request.user, request=found)
            return "The request is taken back."
    raise Http404


def _page(request: HttpRequest, found: ExportRequest, form: DecisionForm, status: int = 200) -> HttpResponse:
    known = every_list().get(found.slug)
    known = known.laid_out(found.query) if known else None
    state = known.state(found.query) if known else None
    context = {
        "asked": found, "form": form, "list": known, "title": _title(found), "status": _status(found),
        "chosen": [*chosen_in_words(known, state), *group_in_words(known, state)] if known and state else (),
        "mine": found.asked_by_id == request.user.pk, "why_not": why_not_decide(request.user, found),
        "who_decides": who_decide(found.district),
        "job": Job.objects.of(request.user.pk).filter(pk=found.job_id).first(),
    }  # fmt: skip
    return render(request, "reports/export_request.html", context, status=status)


def _title(found: ExportRequest) -> str:
    known = every_list().get(found.slug)
    return f"{known.title if known else found.slug} as {found.format.upper()}"


def _status(found: ExportRequest) -> Status:
    return Status(TONES[found.decision], found.get_decision_display())


def _row(found: ExportRequest) -> dict[str, object]:
    return {
        "list": Cell(_title(found), found.get_absolute_url(), sub=found.reason),
        "who": Cell(str(found.asked_by), sub=str(found.district or "")),
        "asked": found.asked_at,
        "rows": found.rows,
        "stands": Cell(status=_status(found)),
    }
