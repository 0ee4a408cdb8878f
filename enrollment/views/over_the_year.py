"""Entries, exits and backdating over a school year, by month and by registrar."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from enrollment.facts import profile_of
from enrollment.models import Enrollment
from enrollment.queries import backdating
from enrollment.queries.backdating import Month
from enrollment.rules.codes import exit_code
from enrollment.views.exports import exports
from enrollment.views.place import Place, chosen_place, chosen_year, recent_years
from organizations.rules.calendar import SchoolYearDates
from students.facts import child_cell, grouped
from ui.charts import Bar
from ui.dates import in_words
from ui.lists import Column, Count, Filter, ListState, Page, take
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

ENTRIES, EXITS = "entries", "exits"
CHARTS = (
    ("Entries by month", ENTRIES, "n", "soft"),
    ("Exits by month", EXITS, "n", "soft"),
    ("Entries recorded late, by month", ENTRIES, "late", "warn"),
    ("Exits recorded late, by month", EXITS, "late", "warn"),
    ("Days from entry to record, on average", ENTRIES, "days", "warn"),
    ("Days from exit to record, on average", EXITS, "days", "warn"),
)


def filters(place: Place) -> tuple[Filter, ...]:
    return (
        *([Filter("district", "District", place.districts)] if len(place.districts) > 1 else []),
        Filter("year", "School year", [(year.label, year.label) for year in recent_years()]),
    )


@require_safe
def over_the_year(request: HttpRequest) -> HttpResponse:
    place, year = chosen_place(request), chosen_year(request)
    district = place.district
    state = ListState.read(request.GET, PHANTOMS, filters=filters(place))
    happened = {
        ENTRIES: backdating.by_month(backdating.entries(district, year), "first_day", "entry_lag"),
        EXITS: backdating.by_month(backdating.exits(district, year), "last_day", "exit_lag"),
    }
    if request.GET.get("format") == "csv":
        return _as_file(happened, year)
    rows = backdating.phantoms(district, year).select_related("student", "district__state")
    page = take(rows, state)
    request.user.saw_among_others([row.student_id for row in page.rows], "backdated exits")
    registrars, months = backdating.by_registrar(district, year), months_of(year)
    context = {
        "place": place, "year": year, "state": state,
        "exports": exports(request.user, "backdated-exits", state, district=district.pk),
        "charts": [(title, bars(happened[of], months, what, ink)) for title, of, what, ink in CHARTS],
        "numbers": state.url(format="csv", district=str(district.pk)),
        "registrars": Page(ListState(REGISTRARS), registrars, Count(len(registrars)), False),
        "page": Page(page.state, [phantom_of(row) for row in page.rows], page.count, page.has_next),
    }  # fmt: skip
    return render(request, "enrollment/rosters/over_the_year.html", context)


def _as_file(happened: Mapping[str, Sequence[Month]], year: SchoolYearDates) -> HttpResponse:
    """What the charts show, a line for each month; of no child."""
    disposition = {"Content-Disposition": f'attachment; filename="entries-and-exits-{year.label}.csv"'}
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=disposition)
    lines = csv.writer(answer)
    lines.writerow(["Month", *(title for title, *_ in CHARTS)])
    columns = [_of_months(happened[of], what) for _, of, what, _ in CHARTS]
    lines.writerows([f"{day:%Y-%m}", *(of.get(day, 0) for of in columns)] for day in months_of(year))
    return answer


def _of_months(found: Sequence[Month], what: str) -> dict[date, int]:
    return {month.first_day: getattr(month, what) for month in found}


def bars(found: Sequence[Month], months: Sequence[date], what: str, ink: str = "soft") -> list[Bar]:
    """A bar for every month, also where nothing happened; none at all for a year in which nothing did."""
    of_month = _of_months(found, what)
    return [Bar(f"{day:%b}", of_month.get(day, 0), ink) for day in months] if any(of_month.values()) else []


def months_of(year: SchoolYearDates) -> list[date]:
    """The first day of each month, as far as the year has come."""
    first = (date(year.first_day.year + (n // 12), n % 12 + 1, 1) for n in range(6, 18))
    return [day for day in first if day <= timezone.localdate()]


def _days(first: date, last: date) -> str:
    return in_words(first) if first == last else f"{in_words(first)} to {in_words(last)}"


def _code(row: Enrollment) -> str:
    return str(exit_code(profile_of(row.district), row.exit_code) or row.exit_code)


def phantom_of(row: Enrollment) -> dict[str, object]:
    """R10.03: the days on which attendance is missing, not counted as absences."""
    child = row.student
    return {
        "student": child_cell(child, sub=grouped(child.state_student_id)),
        "exit": Cell(_code(row), sub=f"effective {in_words(row.last_day)}"),
        "lag": row.exit_lag,
        "phantom": _days(row.last_day, row.phantom_until),
    }  # fmt: skip
