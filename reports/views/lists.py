"""The lists: what there is, one list as a page, and the same list as a file."""

from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods

from jobs.models import Job
from organizations.models import Site
from reports import access, actions
from reports.exports import second_person
from reports.exports.access import district_of, who_decide
from reports.exports.access import seen_by as requests_seen_by
from reports.federal.access import sees_whole_districts
from reports.forms import ExportForm
from reports.lists.every import every_list
from reports.lists.listing import CHILD_KEYS, List, Rows
from reports.models import ExportRequest, SavedReport
from reports.saved.access import seen_by as saved_seen_by
from reports.views.groups import group_in_words, layout_of, show_groups
from security import scope
from security.access import holds_anywhere
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import LOOKS_AFTER
from security.views.reauthentication import asked_again
from students.facts import grouped
from ui.lists import Count, ListState, Page, count_up_to, take
from ui.parts import Cell

NOT_FILTERS = ("format", "reason", "bom", "export", "csrfmiddlewaretoken", "page", "size")


@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """Every list this person may see, with the number of its rows in scope where that is known quickly."""
    found = (each for each in every_list().values() if each.listed)
    seen = [each for each in found if access.may_see(request.user, each)]
    rows = [(each, page_url(each), _count(request, each) if each.quick else "") for each in seen]
    may_export = access.why_not_export(request.user, seen[0]) is None if seen else False
    context = {"rows": rows, "may_export": may_export, "saved": saved_rows(request),
               "waiting": _waiting(request), "counts": sees_whole_districts(request.user),
               "sees_access": any(holds_anywhere(request.user, one) for one in LOOKS_AFTER)}  # fmt: skip
    return render(request, "reports/lists.html", context)


def saved_rows(request: HttpRequest) -> list[tuple[SavedReport, str]]:
    """Own and shared reports whose list this person may see, with its title."""
    known = every_list()
    reports = saved_seen_by(request.user).select_related("owner", "district")
    return [
        (report, known[report.slug].title)
        for report in reports
        if report.slug in known and access.may_see(request.user, known[report.slug])
    ]


def _waiting(request: HttpRequest) -> int:
    return requests_seen_by(request.user).filter(decision="").count()


@require_GET
def show_list(request: HttpRequest, slug: str) -> HttpResponse:
    found = find_list(request, slug)
    if not found.listed:
        return redirect(page_url(found))
    if request.GET.get("export"):
        return redirect(
            f"{reverse('reports:export_form', args=[slug])}?{_query(request, format=request.GET['export'])}"
        )
    found = found.laid_out(request.GET)
    state = found.state(request.GET)
    places = access.view_scope(request.user, found)
    with scope.narrowed(request.user, places):
        return _show(request, found, state, found.filtered(places, state))


def _show(request: HttpRequest, found: List, state: ListState, rows: Rows) -> HttpResponse:
    if found.shape(state.kept).counts:
        return show_groups(request, found, state, rows)
    page = take(found.shown(rows), state)
    request.user.saw_among_others(
        filter(None, [row["of_student"] for row in page.rows]), f"list of {found.title.lower()}"
    )
    page = replace(page, rows=[_row(found, page, row) for row in page.rows])
    context = {"list": found, "page": page, "state": page.state, **layout_of(found, page.state)}
    return render(request, "reports/list.html", context)


@require_GET
def export_form(request: HttpRequest, slug: str) -> HttpResponse:
    found = find_list(request, slug)
    _check(request, found)
    chosen = request.GET.get("format") or request.GET.get("export")
    return _ask(
        request, found, ExportForm(initial={"format": chosen if chosen == "csv" else "xlsx", "bom": True})
    )


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The file, as filtered by the query string; a long one becomes a job. A link only asks for a reason."""
    found = find_list(request, slug)
    _check(request, found)
    if request.method == "GET":
        return redirect(f"{reverse('reports:export_form', args=[slug])}?{request.GET.urlencode()}")
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _ask(request, found, form)
    typed = form.cleaned_data
    found = found.laid_out(request.GET)
    order = actions.Order(found, found.state(request.GET), typed["format"], typed["reason"], typed["bom"])
    try:
        n = actions.count(request.user, order)
        if n > settings.ESER_EXPORT_AT_ONCE and (question := asked_again(request)):
            return question
        with transaction.atomic():
            given = _asked(request, order, n)
    except RuleBroken as refusal:
        form.add_error(refusal.field, str(refusal))
        return _ask(request, found, form)
    return _file(request, order) if isinstance(given, int) else redirect(given)


def _asked(request: HttpRequest, order: actions.Order, n: int) -> int | Job | ExportRequest:
    """The rows to send at once, the job that makes the file, or the request that waits."""
    if second_person.is_large(n):
        return second_person.ask_second_person(by=request.user, order=order, n=n)
    return actions.ask(by=request.user, order=order, n=n)


def _file(request: HttpRequest, order: actions.Order) -> HttpResponseBase:
    if order.format == "xlsx":
        body = actions.xlsx_now(request.user, order)
        return FileResponse(
            body, as_attachment=True, filename=order.file_name, content_type=actions.FORMATS["xlsx"]
        )
    answer = StreamingHttpResponse(actions.csv_now(request.user, order), content_type=actions.FORMATS["csv"])
    answer["Content-Disposition"] = f'attachment; filename="{order.file_name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _ask(request: HttpRequest, found: List, form: ExportForm) -> HttpResponse:
    found = found.laid_out(request.GET)
    state = found.state(request.GET)
    places = access.export_scope(request.user, found)
    with scope.narrowed(request.user, places):
        count = count_up_to(found.filtered(places, state), cap=settings.ESER_EXPORT_CAP)
    context = {
        "list": found,
        "form": form,
        "count": count,
        "at_once": settings.ESER_EXPORT_AT_ONCE,
        "cap": settings.ESER_EXPORT_CAP,
        "who_decides": who_decide(district_of(places)),
        "chosen": [*chosen_in_words(found, state), *group_in_words(found, state)],
        "action": f"{reverse('reports:export', args=[found.slug])}?{_query(request)}",
        "back": f"{page_url(found)}?{_query(request)}",
    }
    return render(request, "reports/export.html", context, status=422 if form.is_bound else 200)


def chosen_in_words(found: List, state: ListState) -> list[tuple[str, str]]:
    """Each filter and what is chosen, as a person reads it."""
    return [(f.label, _chosen(f, state)) for f, _ in found.all_filters() if f.name in state.chosen]


def _chosen(offer, state: ListState) -> str:
    value = state.chosen[offer.name]
    if offer.name == "site" and value.isdecimal():
        return str(Site.objects.filter(pk=value).first() or "")
    return dict(offer.choices).get(value, value)


def find_list(request: HttpRequest, slug: str) -> List:
    found = every_list().get(slug)
    if found is None or not access.may_see(request.user, found):
        raise Http404
    return found


def _check(request: HttpRequest, found: List) -> None:
    if sentence := access.why_not_export(request.user, found):
        raise NotAllowed(sentence)


def _count(request: HttpRequest, found: List) -> Count:
    places = access.view_scope(request.user, found)
    with scope.narrowed(request.user, places):
        return count_up_to(found.filtered(places, found.state({})))


def page_url(found: List) -> str:
    """The list's own page where another app has one."""
    try:
        return reverse(found.page) if found.page else reverse("reports:list", args=[found.slug])
    except NoReverseMatch:
        return reverse("reports:list", args=[found.slug])


def _query(request: HttpRequest, **extra: str) -> str:
    query = request.GET.copy()
    for name in NOT_FILTERS:
        query.pop(name, None)
    query.update(extra)
    return query.urlencode()


def _row(found: List, page: Page, row: dict) -> dict[str, object]:
    """The first cell links to the child, where the row is about one."""
    parts = dict(found.keyed())
    shown = {column.key: parts[column.key].reads(row[f"show_{column.key}"]) for column in page.state.columns}
    first = page.state.columns[0].key
    if row["of_student"] and first in CHILD_KEYS:
        name = f"{shown[first]}, {row['show_first_name']}"
        shown[first] = Cell(name, student_url(row["of_student"]), grouped(row["show_state_id"]))
    return shown


def student_url(pk: int) -> str:
    try:
        return reverse("caseload:student", args=[pk])
    except NoReverseMatch:
        return ""
