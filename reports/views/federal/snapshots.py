"""The counts of a reader's districts, and the form that freezes another."""

from collections.abc import Mapping

from django.db.models import Count as Counted
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from organizations.models import District
from reports.federal import access
from reports.federal.forms import KINDS, FreezeForm
from reports.federal.freeze import freeze
from reports.models import Snapshot, SnapshotChild, SnapshotState
from reports.rules.federal.rows import About
from reports.rules.federal.tables import files, state_id, submission_year
from reports.views.federal.found import status_of
from security.holdings import holdings_of
from security.views.tried import tried
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell

COLUMNS = (
    Column("day", "Day", "day"),
    Column("district", "District", "district__name"),
    Column("kind", "What", "kind"),
    Column("state", "State", "state"),
    Column("counted", "Counted", numeric=True),
    Column("left_out", "Not counted", numeric=True),
    Column("frozen", "Frozen", "frozen_at"),
)
STATES = Filter(
    "state", "State", [("", "Every one in force"), *((s.value, s.label.capitalize()) for s in SnapshotState)]
)
KIND = Filter("kind", "What", [("", "Any"), *KINDS])


@require_http_methods(["GET", "HEAD", "POST"])
def snapshots(request: HttpRequest) -> HttpResponse:
    access.check_may_see(request.user)
    mine = holdings_of(request.user).districts.get(access.CERTIFY.value, frozenset())
    form = FreezeForm(request.POST or None, districts=mine, initial=_usual(mine))
    if request.method == "POST":
        if not mine:
            access.check_may_certify(request.user, _first(request), "freeze its count")
        if form.is_valid() and (done := tried(form, lambda: freeze(by=request.user, **form.cleaned_data))):
            return redirect("reports:snapshot", done.pk)
    context = {
        "page": _page(request), "form": form if mine else None,
        "statewide": request.user.scope().everything,
        "made": _files(About.COUNT_DAY, About.EXITS), "not_made": _files(About.DISCIPLINE),
    }  # fmt: skip
    return render(request, "reports/federal/snapshots.html", context, status=400 if form.errors else 200)


def _first(request: HttpRequest) -> District:
    scope = request.user.scope()
    rows = District.objects.all() if scope.everything else District.objects.filter(pk__in=scope.district_ids)
    return rows.order_by("name")[0]


def _usual(mine: frozenset[int]) -> dict[str, object]:
    """The latest usual count date that is over, and the only district."""
    district = District.objects.select_related("state").filter(pk__in=mine).first()
    if district is None:
        return {}
    own, today = state_id(district.state.profile), timezone.localdate()
    usual = own.count_date(today.year)
    return {"district": district, "day": usual if usual <= today else own.count_date(today.year - 1)}


def _files(*about: About) -> list[tuple[str, str]]:
    year = submission_year(timezone.localdate())
    return [(row.file_spec, row.content) for row in files(year) if row.kind in about]


def _page(request: HttpRequest) -> Page:
    state = ListState.read(request.GET, COLUMNS, filters=(STATES, KIND), default_sort="-day")
    rows = Snapshot.objects.visible_to(request.user).select_related("district", "frozen_by")
    rows = rows.filter(**state.chosen) if "state" in state.chosen else rows.standing().filter(**state.chosen)
    page = take(rows.order_by(*state.order_by()), state)
    numbers = _numbers([row.pk for row in page.rows])
    return Page(page.state, [_row(row, numbers) for row in page.rows], page.count, page.has_next)


def _numbers(snapshots: list[int]) -> dict[int, tuple[int, int]]:
    rows = SnapshotChild.objects.filter(snapshot__in=snapshots).order_by().values("snapshot")
    rows = rows.annotate(counted_n=Counted("pk", filter=Q(counted=True)), all_n=Counted("pk"))
    return {row["snapshot"]: (row["counted_n"], row["all_n"] - row["counted_n"]) for row in rows}


def _row(row: Snapshot, numbers: Mapping[int, tuple[int, int]]) -> dict[str, object]:
    counted, left_out = numbers.get(row.pk, (0, 0))
    return {
        "day": Cell(row.day, reverse("reports:snapshot", args=[row.pk])),
        "district": row.district.name, "kind": row.get_kind_display().capitalize(),
        "state": Cell(status=status_of(row)), "counted": counted, "left_out": left_out,
        "frozen": Cell(timezone.localtime(row.frozen_at), sub=f"by {row.frozen_by}"),
    }  # fmt: skip
