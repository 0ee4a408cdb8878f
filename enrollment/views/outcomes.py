"""Graduation cohort and youth dropout: numbers, each opening the children behind it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from enrollment.facts import profile_of
from enrollment.queries.cohort import cohort_of
from enrollment.queries.dropout import is_stated, year_ends
from enrollment.rules.codes import exit_code
from enrollment.rules.cohort import FIRST_LEVEL, LAST_LEVEL, Standing
from enrollment.views.exports import exports
from enrollment.views.place import chosen_place, chosen_year, recent_years
from organizations.rules.profiles import Profile
from students.facts import child_cell, grade_short, grouped
from students.models import Student
from ui.lists import Column, Count, Filter, ListState, Page, take
from ui.parts import Cell

COLUMNS = (
    Column("student", "Student"),
    Column("grade", "Grade"),
    Column("exit", "Exit code that counts"),
    Column("day", "On"),
    Column("stands", "Stands"),
)
YEARS_TO_GRADUATE = LAST_LEVEL - FIRST_LEVEL  # of who enters grade 9 today
DROPPED, STAYED = "counts as dropout", "does not count"


@dataclass(frozen=True)
class Line:
    """A child with how it stands, as the list shows it."""

    student_id: int
    grade: str
    exit_code: str
    last_day: date | None
    stands: str


@require_safe
def cohort(request: HttpRequest) -> HttpResponse:
    """`?year=`: the school year in whose spring the cohort graduates."""
    place, year = chosen_place(request), chosen_year(request, YEARS_TO_GRADUATE)
    members = cohort_of(place.district, year.last_day.year)
    lines = [Line(m.student_id, m.grade, m.exit_code, m.last_day, m.standing.value) for m in members]
    return _page(request, "enrollment/rosters/cohort.html", lines, [s.value for s in Standing], {
        "meta": f"graduating in spring {year.last_day.year}", "year": year,
        "years": recent_years(YEARS_TO_GRADUATE),
    })  # fmt: skip


@require_safe
def dropouts(request: HttpRequest) -> HttpResponse:
    place, year = chosen_place(request), chosen_year(request)
    ends = year_ends(place.district, year)
    lines = [
        Line(e.student_id, e.grade, e.exit_code, e.last_day, DROPPED if e.dropped_out else STAYED)
        for e in ends
    ]
    of_grade = Counter(e.grade for e in ends)
    out = Counter(e.grade for e in ends if e.dropped_out)
    more = {
        "by_grade": [(grade_short(g), grade_url(request, g), out[g], n) for g, n in sorted(of_grade.items())],
        "is_stated": is_stated(Profile(place.district.state.profile)),
        "year": year,
        "years": recent_years(),
    }
    return _page(request, "enrollment/rosters/dropouts.html", lines, [DROPPED, STAYED], more)


def grade_url(request: HttpRequest, grade: str) -> str:
    kept = request.GET.copy()
    kept["grade"], kept["stands"] = grade, DROPPED
    kept.pop("page", None)
    return f"?{kept.urlencode()}"


def _page(
    request: HttpRequest, template: str, lines: Sequence[Line], standings: Sequence[str], more: dict
) -> HttpResponse:
    place, slug = chosen_place(request), template.rpartition("/")[2].removesuffix(".html")
    grades = [("", "Any grade"), *((g, grade_short(g)) for g in sorted({line.grade for line in lines}))]
    offered = (
        *([Filter("district", "District", place.districts)] if len(place.districts) > 1 else []),
        Filter("year", "School year", [(year.label, year.label) for year in more["years"]]),
        Filter("stands", "Stands", [("", "Any"), *((s, s) for s in standings)]),
        Filter("grade", "Grade", grades),
    )
    state = ListState.read(request.GET, COLUMNS, filters=offered)
    counted = Counter(line.stands for line in lines)
    chosen = state.chosen
    shown = [
        line
        for line in lines
        if chosen.get("stands", line.stands) == line.stands and chosen.get("grade", line.grade) == line.grade
    ]
    page, profile = take(shown, state), profile_of(place.district)
    children = Student.objects.in_bulk([line.student_id for line in page.rows])
    request.user.saw_among_others(children, slug)
    rows = [
        row_of(children[line.student_id], line, profile) for line in page.rows if line.student_id in children
    ]
    context = {
        "place": place, "state": state, "total": len(lines),
        "exports": exports(request.user, slug, state, district=place.district.pk),
        "counts": [(counted[name], name, state.filter_url("stands", name)) for name in standings],
        "page": Page(page.state, rows, Count(len(shown)), page.has_next), **more,
    }  # fmt: skip
    return render(request, template, context)


def row_of(child: Student, line: Line, profile: Profile) -> dict[str, object]:
    known = exit_code(profile, line.exit_code)
    return {
        "student": child_cell(child, sub=grouped(child.state_student_id)),
        "grade": grade_short(line.grade),
        "exit": Cell(line.exit_code or "enrolled", sub=known.meaning if known else ""),
        "day": line.last_day or "",
        "stands": line.stands,
    }  # fmt: skip
