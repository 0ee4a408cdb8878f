"""The counts of a whole state on one day: who has certified, whether the sums agree, and its files."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Count as HowMany
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods

from organizations.models import District
from reports.federal import access
from reports.federal.edit_checks import SPECS
from reports.federal.state_sums import Sum, Times, in_two, sums_of, times_counted
from reports.federal.take_away import Wish, certified_of, later
from reports.models import Kind, Snapshot, SnapshotChild
from reports.rules.federal.file_checks import districts_agree
from reports.views.federal.files import chosen, file_form, not_made
from reports.views.federal.found import status_of
from security.refusals import NotAllowed
from security.views.reauthentication import asked_again
from security.views.tried import tried
from ui.dates import in_words
from ui.lists import Column, Count, ListState, Page
from ui.parts import Cell, Status

DISTRICTS = (
    Column("district", "District"), Column("state", "State"), Column("counted", "Counted", numeric=True),
    Column("left_out", "Not counted", numeric=True),
)  # fmt: skip
SUMS = (
    Column("file", "File"), Column("districts", "Districts", numeric=True),
    Column("total", "Children of the state", numeric=True), Column("agrees", "Check 2"),
)  # fmt: skip
AGREES = Status("good", "agrees")
NOTHING_FROZEN = (
    "No district has frozen a count yet. Here the state sees who has certified, and writes its files."
)


@require_http_methods(["GET", "HEAD", "POST"])
def state_count(request: HttpRequest) -> HttpResponseBase:
    """`?day=` and `?kind=`; the latest day that anybody counted without them."""
    if sentence := access.why_not_export(request.user, None):
        raise NotAllowed(sentence)
    days = _days()
    kind, day = _asked(request, days)
    form = file_form(request, kind, day, of_state=True)
    certified = certified_of(day, kind)
    if request.method == "POST" and form.is_valid():
        if question := asked_again(request):
            return question
        wish = Wish(certified, *chosen(form))
        if job := tried(form, lambda: later(by=request.user, wish=wish)):
            return redirect(job)
    specs = SPECS[Kind(kind)]
    counted = times_counted(certified, specs)
    context = {
        "kind": Kind(kind).label, "about": _about(kind, day) if days else NOTHING_FROZEN,
        "day": day, "days": _links(days, kind, day), "form": form,
        "districts": _districts(kind, day), "certified": len(certified), "not_made": not_made(day),
        "sums": _sums(counted, specs) if certified else None, "twice": in_two(counted),
    }  # fmt: skip
    return render(request, "reports/federal/state.html", context, status=422 if form.errors else 200)


def _about(kind: str, day: date) -> str:
    called = Snapshot(kind=kind, day=day).called
    return f"The {called}, from what the districts have certified."


def _days() -> list[tuple[str, date]]:
    rows = Snapshot.objects.standing().order_by("-day", "kind").values_list("kind", "day")
    return list(dict.fromkeys(rows))


def _asked(request: HttpRequest, days: list[tuple[str, date]]) -> tuple[str, date]:
    typed = request.GET.get("day", "")
    day = _day(typed) if typed else None
    wanted = request.GET.get("kind", Kind.COUNT)
    known = next((pair for pair in days if day in (None, pair[1]) and pair[0] == wanted), None)
    if known is None and typed:
        raise Http404
    return known or (days[0] if days else (Kind.COUNT, timezone.localdate()))


def _day(typed: str) -> date:
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    if day is None:
        raise Http404
    return day


def _links(days: list[tuple[str, date]], kind: str, day: date) -> list[tuple[str, str, bool]]:
    return [
        (f"{Kind(each).label.capitalize()}, {in_words(on)}", f"?kind={each}&day={on.isoformat()}",
         (each, on) == (kind, day))
        for each, on in days
    ]  # fmt: skip


def _districts(kind: str, day: date) -> Page:
    """Every district of the state, also those that have counted nothing."""
    rows = Snapshot.objects.standing().filter(kind=kind, day=day)
    standing = {row.district_id: row for row in rows}
    found = SnapshotChild.objects.filter(snapshot__in=standing.values()).order_by()
    found = found.values_list("snapshot", "counted").annotate(n=HowMany("pk"))
    counts = Counter({(pk, counted): n for pk, counted, n in found})
    shown = [_district(row, standing.get(row.pk), counts) for row in District.objects.order_by("name")]
    return Page(ListState(DISTRICTS), shown, Count(len(shown)), False)


def _district(district: District, row: Snapshot | None, counts: Counter) -> dict[str, object]:
    if row is None:
        return {"district": district.name, "state": Cell(status=Status("bad", "nothing frozen")),
                "counted": "", "left_out": ""}  # fmt: skip
    url = reverse("reports:snapshot", args=[row.pk])
    return {
        "district": Cell(district.name, url), "state": Cell(status=status_of(row)),
        "counted": counts[row.pk, True], "left_out": counts[row.pk, False],
    }  # fmt: skip


def _sums(counted: Counter[Times], specs: Sequence[str]) -> Page:
    rows = [_sum(each) for each in sums_of(counted, specs)]
    return Page(ListState(SUMS), rows, Count(len(rows)), False)


def _sum(each: Sum) -> dict[str, object]:
    wrong = districts_agree(each.file, each.districts, each.children)
    agrees = Cell(status=Status("bad", "does not agree"), sub=wrong[0]) if wrong else Cell(status=AGREES)
    return {"file": each.file, "districts": each.districts, "total": each.children, "agrees": agrees}
