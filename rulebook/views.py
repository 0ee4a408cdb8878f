"""The rule book: every table that the program works by, as it stood on any day."""

from datetime import date, datetime, time
from itertools import groupby
from urllib.parse import urlencode

from dateutil import parser
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from rulebook.reading import as_csv, read
from rulebook.registry import RuleTable, all_tables, table_called


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    tables = [(app, list(own)) for app, own in groupby(all_tables(), key=lambda table: table.owner_app)]
    return render(request, "rulebook/index.html", {"apps": tables, "today": timezone.localdate()})


@require_safe
@login_required
def table(request: HttpRequest, slug: str) -> HttpResponse:
    on, trouble = _day_asked(request)
    reading = read(_table_or_404(slug), on, request.GET.get("q", "").strip())
    shown = urlencode({"on": on.isoformat(), "q": reading.words})
    context = {"reading": reading, "trouble": trouble, "asked": bool(request.GET), "shown": shown}
    return render(request, "rulebook/table.html", context)


@require_safe
@login_required
def download(request: HttpRequest, slug: str) -> HttpResponse:
    on, trouble = _day_asked(request)
    if trouble:
        return HttpResponse(trouble, status=400, content_type="text/plain; charset=utf-8")
    text = as_csv(_table_or_404(slug), on, request.GET.get("q", "").strip())
    name = f"{slug}-{on.isoformat()}.csv"
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _table_or_404(slug: str) -> RuleTable:
    found = table_called(slug)
    if found is None:
        raise Http404("There is no such table in the rule book.")
    return found


def _day_asked(request: HttpRequest) -> tuple[date, str]:
    """The day in the address, today when there is none; and a sentence when it is no day."""
    today = timezone.localdate()
    typed = request.GET.get("on", "").strip()
    if not typed:
        return today, ""
    try:
        return parser.parse(typed, default=datetime.combine(today, time())).date(), ""
    except (ValueError, OverflowError):
        return today, f"“{typed}” is not a day. Write it such as Sep 4, 2026. Shown is today."
