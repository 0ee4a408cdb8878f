"""Indicators 11, 12 and 13 by school year and district: each number opens the children behind it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from enrollment.views.exports import exports
from enrollment.views.place import chosen_district, chosen_year, recent_years
from organizations.rules.profiles import Profile
from reports.figures.indicators import COUNTED, Line, fits, lines_of
from reports.rules.early_transition import Transition
from reports.rules.indicators import EVALUATIONS, TRANSITION, YOUTH, Counts, Indicator, indicator, share
from reports.rules.timely_evaluation import Timeliness
from reports.rules.youth import Youth
from reports.views.indicator_chips import chips
from students.facts import child_cell, grouped
from students.models import Student
from ui.lists import Column, Count, Filter, ListState, Page, take
from ui.parts import Cell, Status

STANDINGS = {EVALUATIONS: Timeliness, TRANSITION: Transition, YOUTH: Youth}
TONES = {
    Counts.IN_TIME: "good", Counts.NOT_IN_TIME: "bad", Counts.LEFT_OUT: "quiet", Counts.NOT_YET: "info",
}  # fmt: skip
CHILDREN = (
    Column("student", "Student"),
    Column("district", "District"),
    Column("began", "Began"),
    Column("due", "Due"),
    Column("done", "Done"),
    Column("stands", "Stands"),
    Column("late", "Days late", numeric=True),
    Column("reason", "Reason"),
)
BY_DISTRICT = (
    Column("district", "District"),
    Column("counted", "Counted", numeric=True),
    Column("in_time", "In time", numeric=True),
    Column("late", "Not in time", numeric=True),
    Column("left_out", "Left out", numeric=True),
    Column("not_yet", "Not yet", numeric=True),
    Column("percent", "Percent", numeric=True),
)
REASONS = (
    Column("reason", "Reason"),
    Column("n", "Students", numeric=True),
    Column("range", "Days late"),
)


def _columns(number: int, row: Indicator) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Of the children and of the districts, in the words of the indicator."""
    called = {"in_time": row.met.capitalize(), "late": row.unmet.capitalize()}
    by_district = tuple(replace(each, label=called.get(each.key, each.label)) for each in BY_DISTRICT)
    if number != YOUTH:
        return CHILDREN, by_district
    own = {"began": "IEP from", "due": "To", "reason": "Missing"}
    kept = [each for each in CHILDREN if each.key not in ("done", "late")]
    return tuple(replace(each, label=own.get(each.key, each.label)) for each in kept), by_district


def filters(number: int, districts: Sequence[tuple[str, str]], reasons: Sequence[str]) -> tuple[Filter, ...]:
    row = indicator(number, "")
    counts = [(each.name.lower(), row.says(each)) for each in Counts]
    stands = [(each.name.lower(), each.value) for each in STANDINGS[number]]
    return (
        *(
            [Filter("district", "District", [("", "Every district"), *districts])]
            if len(districts) > 1
            else []
        ),
        Filter("year", "School year", [(year.label, year.label) for year in recent_years()]),
        Filter("counts", "Counts as", [("", "Any"), (COUNTED, "counted"), *counts]),
        Filter("stands", "Stands", [("", "Any"), *stands]),
        Filter(
            "reason",
            "Missing" if number == YOUTH else "Reason",
            [("", "Any"), *((each, each) for each in reasons)],
        ),
    )


@require_safe
def indicator_page(request: HttpRequest, number: int) -> HttpResponse:
    """The numbers are of `?year=` and `?district=`; the other filters narrow the children below them."""
    year, today = chosen_year(request), timezone.localdate()
    district, on_offer, reach = chosen_district(request)
    districts = {str(row.pk): row.name for row in on_offer}
    lines = lines_of(number, reach, map(int, districts), year, today)
    offered = filters(number, list(districts.items()), sorted({line.reason for line in lines if line.reason}))
    row = indicator(number, Profile(district.state.profile))
    columns, by_district = _columns(number, row)
    state = ListState.read(request.GET, columns, filters=offered)
    here = [line for line in lines if fits(line, _only(state, "district"))]
    chosen = sorted((line for line in here if fits(line, state.chosen)), key=_worst_first)
    page = take(chosen, state)
    children = Student.objects.in_bulk([line.student_id for line in page.rows])
    request.user.saw_among_others(children, f"indicator {number}")
    rows = [
        _row(number, children[line.student_id], line, districts)
        for line in page.rows
        if line.student_id in children
    ]
    context = {
        "number": number, "name": f"Indicator {number}", "indicator": row, "state": state, "year": year,
        "share": share(line.stands for line in here),
        "chips": chips(number, year.label),
        "numbers": _numbers(row, here, state), "formula": _formula(row, here),
        "districts": _by_district(by_district, lines, districts, state) if len(districts) > 1 else None,
        "reasons": _reasons(here, state), "total": len(here),
        "of_place": districts.get(state.chosen.get("district", ""), "") or _everywhere(districts),
        "exports": exports(request.user, f"indicator-{number}", state, year=year.label),
        "page": Page(page.state, rows, Count(len(chosen)), page.has_next),
    }  # fmt: skip
    return render(request, "reports/indicator.html", context)


def _everywhere(districts: dict[str, str]) -> str:
    return next(iter(districts.values())) if len(districts) == 1 else "every district"


def _only(state: ListState, name: str) -> dict[str, str]:
    return {key: value for key, value in state.chosen.items() if key == name}


def _link(state: ListState, **chosen: str) -> str:
    """The children behind a number: of this year and district, by nothing else than what is asked."""
    kept = {**_only(state, "district"), **_only(state, "year"), **chosen}
    return f"{replace(state, chosen=kept, page=1).url()}#children"


def _numbers(row: Indicator, lines: Sequence[Line], state: ListState) -> list[tuple[int, str, str, str, str]]:
    """Number, label, note, address and tone of each standing that occurs."""
    found = Counter(line.stands for line in lines)
    return [
        (found[each], each.value.capitalize(), row.says(each.counts), _link(state, stands=each.name.lower()),
         "bad" if each.counts is Counts.NOT_IN_TIME else "")
        for each in sorted(found, key=list(STANDINGS[row.indicator]).index)
    ]  # fmt: skip


def _formula(row: Indicator, lines: Sequence[Line]) -> str:
    """ "41 ÷ 43"; of indicator 12 with the letters of its formula."""
    if row.indicator != TRANSITION:
        part = share(line.stands for line in lines)
        return f"{part.in_time:,} ÷ {part.counted:,}"
    of = Counter(line.stands.letter for line in lines)
    running = sum(line.stands.counts is Counts.NOT_YET for line in lines)
    a = len(lines) - running
    return f"{of['c']:,} ÷ ({a:,} − {of['b']:,} − {of['d']:,} − {of['e']:,} − {of['f']:,})"


def _by_district(
    columns: tuple[Column, ...], lines: Sequence[Line], districts: dict[str, str], state: ListState
) -> Page:
    of: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        of[str(line.district_id)].append(line)
    rows = [_district(pk, name, of[pk], state) for pk, name in districts.items()]
    return Page(ListState(columns), rows, Count(len(rows)), False)


def _district(pk: str, name: str, lines: Sequence[Line], state: ListState) -> dict[str, object]:
    part, counted = share(line.stands for line in lines), Counter(line.stands.counts for line in lines)
    numbers = {
        "counted": (part.counted, COUNTED), "in_time": (counted[Counts.IN_TIME], "in_time"),
        "late": (counted[Counts.NOT_IN_TIME], "not_in_time"),
        "left_out": (counted[Counts.LEFT_OUT], "left_out"), "not_yet": (counted[Counts.NOT_YET], "not_yet"),
    }  # fmt: skip
    cells = {
        key: Cell(n, _link(state, district=pk, counts=counts)) if n else 0
        for key, (n, counts) in numbers.items()
    }
    return {"district": Cell(name, _link(state, district=pk)), **cells, "percent": str(part)}


def _reasons(lines: Sequence[Line], state: ListState) -> Page:
    """Why children were not in time, and by how many days."""
    late = sorted((line for line in lines if line.days_late), key=lambda line: line.reason)
    rows = [_reason(why, list(group), state) for why, group in groupby(late, key=lambda line: line.reason)]
    return Page(ListState(REASONS), rows, Count(len(rows)), False)


def _reason(why: str, lines: Sequence[Line], state: ListState) -> dict[str, object]:
    days = [line.days_late for line in lines]
    spread = f"{min(days):,}" if min(days) == max(days) else f"{min(days):,} to {max(days):,}"
    url = _link(state, reason=why, counts="not_in_time")
    return {"reason": Cell(why, url), "n": len(lines), "range": spread}


def _worst_first(line: Line) -> tuple[int, str, int]:
    return -line.days_late, line.stands.name, line.record_id


def _row(number: int, child: Student, line: Line, districts: dict[str, str]) -> dict[str, object]:
    has_checklist = number == YOUTH and line.stands.counts is not Counts.LEFT_OUT
    url = reverse("ieps:transition", args=[line.record_id]) if has_checklist else ""
    return {
        "student": child_cell(child, url, sub=grouped(child.state_student_id)),
        "district": districts[str(line.district_id)],
        "began": line.began, "due": line.due or "", "done": line.done or "",
        "stands": Cell(status=Status(TONES[line.stands.counts], line.stands.value)),
        "late": line.days_late or "",
        "reason": Cell(line.reason, sub=line.words),
    }  # fmt: skip
