"""Entries, exits and backdating over a school year, by month and by registrar."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from enrollment.models import Enrollment
from enrollment.queries import backdating
from enrollment.queries.backdating import Month
from enrollment.views.exports import exports
from enrollment.views.place import Place, chosen_place, chosen_year, recent_years
from ui.charts import Bar
from ui.dates import in_words
from ui.lists import Column, Count, Filter, ListState, Page, count_up_to, take
from ui.parts import Cell

REGISTRARS = (
    Column("name", "Recorded by"),
    Column("n", "Backdated", numeric=True),
    Column("days", "Days late, on average", numeric=True),
    Column("most", "At the most", numeric=True),
)
PHANTOMS = (
    Column("student", "Student"),
    Column("exit", "Exit"),
    Column("lag", "Days late", numeric=True),
    Column("phantom", "Shown as active"),
)


def filters(place: Place) -> tuple[Filter, ...]:
    return (
        *([Filter("district", "District", place.districts)] if len(place.districts) > 1 else []),
        Filter("year", "School year", [(year.label, year.label) for year in recent_years()]),
    )


def over_the_year(request: HttpRequest) -> HttpResponse:
    place, year = chosen_place(request), chosen_year(request)
    district = place.district
    state = ListState.read(request.GET, PHANTOMS, filters=filters(place))
    entered = backdating.by_month(backdating.entries(district, year), "first_day", "entry_lag")
    exited = backdating.by_month(backdating.exits(district, year), "last_day", "exit_lag")
    rows = backdating.phantoms(district, year).select_related("student")
    page = take(rows, state, count_up_to(rows))
    request.user.saw_among_others([row.student_id for row in page.rows], "backdated exits")
    registrars = backdating.by_registrar(district, year)
    context = {
        "place": place, "year": year, "state": state,
        "exports": exports(request.user, "backdated-exits", state, district=district.pk),
        "charts": [
            ("Entries by month", bars(entered, "n")),
            ("Exits by month", bars(exited, "n")),
            ("Exits recorded late, by month", bars(exited, "late", "warn")),
            ("Days from exit to record, on average", bars(exited, "days", "warn")),
        ],
        "registrars": Page(ListState(REGISTRARS), registrars, Count(len(registrars)), False),
        "page": Page(page.state, [phantom_of(row) for row in page.rows], page.count, page.has_next),
    }  # fmt: skip
    return render(request, "enrollment/rosters/over_the_year.html", context)


def bars(months: Sequence[Month], what: str, ink: str = "soft") -> list[Bar]:
    return [Bar(f"{month.first_day:%b}", getattr(month, what), ink) for month in months]


def phantom_of(row: Enrollment) -> dict[str, object]:
    """R10.03: the days on which attendance is missing, not counted as absences."""
    child = row.student
    return {
        "student": Cell(
            f"{child.last_name}, {child.first_name}", reverse("caseload:student", args=[child.pk]),
            sub=child.state_student_id,
        ),
        "exit": Cell(row.exit_code, sub=f"effective {in_words(row.last_day)}"),
        "lag": row.exit_lag,
        "phantom": f"{in_words(row.last_day)} to {in_words(row.phantom_until)}",
    }  # fmt: skip
