"""Entries, exits and backdating over a school year, by month and by registrar."""

from collections.abc import Sequence
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


@require_safe
def over_the_year(request: HttpRequest) -> HttpResponse:
    place, year = chosen_place(request), chosen_year(request)
    district = place.district
    state = ListState.read(request.GET, PHANTOMS, filters=filters(place))
    entered = backdating.by_month(backdating.entries(district, year), "first_day", "entry_lag")
    exited = backdating.by_month(backdating.exits(district, year), "last_day", "exit_lag")
    rows = backdating.phantoms(district, year).select_related("student", "district__state")
    page = take(rows, state, count_up_to(rows))
    request.user.saw_among_others([row.student_id for row in page.rows], "backdated exits")
    registrars, months = backdating.by_registrar(district, year), months_of(year)
    context = {
        "place": place, "year": year, "state": state,
        "exports": exports(request.user, "backdated-exits", state, district=district.pk),
        "charts": [
            ("Entries by month", bars(entered, months, "n")),
            ("Exits by month", bars(exited, months, "n")),
            ("Entries recorded late, by month", bars(entered, months, "late", "warn")),
            ("Exits recorded late, by month", bars(exited, months, "late", "warn")),
            ("Days from entry to record, on average", bars(entered, months, "days", "warn")),
            ("Days from exit to record, on average", bars(exited, months, "days", "warn")),
        ],
        "registrars": Page(ListState(REGISTRARS), registrars, Count(len(registrars)), False),
        "page": Page(page.state, [phantom_of(row) for row in page.rows], page.count, page.has_next),
    }  # fmt: skip
    return render(request, "enrollment/rosters/over_the_year.html", context)


def bars(found: Sequence[Month], months: Sequence[date], what: str, ink: str = "soft") -> list[Bar]:
    """A bar for every month, also where nothing happened; none at all for a year in which nothing did."""
    of_month = {month.first_day: getattr(month, what) for month in found}
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
