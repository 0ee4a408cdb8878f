"""Saved reports: keeping a list as it is laid out, opening it again, changing and removing it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports import access
from reports.forms import ReportForm
from reports.lists.every import every_list
from reports.lists.listing import List
from reports.models import SavedReport
from reports.saved.access import check_may_change, districts_of, seen_by
from reports.saved.save import Kept, change_report, remove_report, save_report
from reports.views.groups import group_in_words
from reports.views.lists import chosen_in_words, find_list, page_url
from security.refusals import RuleBroken
from security.views.reauthentication import asked_again
from ui.lists import ListState

CHANGED = ("name", "district", "every", "format", "bom", "reason", "by_email")


@require_safe
def open_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to the list as it was laid out; each reader sees their own scope there."""
    report = get_object_or_404(seen_by(request.user), pk=pk)
    found = find_list(request, report.slug)
    where = reverse("reports:list", args=[report.slug]) if found.listed else page_url(found)
    return redirect(f"{where}?{_encoded(report.query)}" if report.query else where)


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, slug: str) -> HttpResponse:
    found = find_list(request, slug).laid_out(request.GET)
    form = _form(request, found, initial={"format": "xlsx"})
    state = found.state(request.GET)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.get("every") and (question := asked_again(request)):
            return question
        try:
            report = save_report(
                by=request.user, found=found, query=state.query(), kept=Kept(**form.cleaned_data)
            )
        except RuleBroken as broken:
            form.add_error(broken.field, str(broken))
        else:
            messages.success(request, "The report is saved. It is found again under Lists.")
            return redirect(report)
    return _page(request, form, found, state, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change_saved(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(seen_by(request.user), pk=pk)
    check_may_change(request.user, report)
    found = every_list().get(report.slug)
    if found is None:
        raise Http404
    found = found.laid_out(report.query)
    form = _form(request, found, initial={name: getattr(report, name) for name in CHANGED})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.get("every") and (question := asked_again(request)):
            return question
        try:
            change_report(by=request.user, report=report, kept=Kept(**form.cleaned_data))
        except RuleBroken as broken:
            form.add_error(broken.field, str(broken))
        else:
            messages.success(request, "The report is changed.")
            return redirect("reports:lists")
    return _page(request, form, found, found.state(report.query), report)


@require_POST
def remove_saved(request: HttpRequest, pk: int) -> HttpResponse:
    remove_report(by=request.user, report=get_object_or_404(seen_by(request.user), pk=pk))
    messages.success(request, "The report is removed. The records and the files already made stay.")
    return redirect("reports:lists")


def _form(request: HttpRequest, found: List, initial: Mapping[str, Any]) -> ReportForm:
    return ReportForm(
        request.POST or None,
        districts=districts_of(request.user),
        may_export=access.why_not_export(request.user, found) is None,
        initial=dict(initial),
    )


def _page(
    request: HttpRequest, form: ReportForm, found: List, state: ListState, report: SavedReport | None
) -> HttpResponse:
    context = {
        "form": form, "list": found, "report": report,
        "chosen": [*chosen_in_words(found, state), *group_in_words(found, state)],
        "by": _label(found, found.shape(state.kept).by),
        "across": _label(found, found.shape(state.kept).across),
    }  # fmt: skip
    return render(request, "reports/save.html", context, status=422 if form.errors else 200)


def _label(found: List, key: str) -> str:
    part = dict(found.keyed()).get(key)
    return part.label if part else ""


def _encoded(query: Mapping[str, str]) -> str:
    encoded = QueryDict(mutable=True)
    encoded.update(query)
    return encoded.urlencode()
