"""Indicator 14 of a district: who left school with an IEP and is asked; each number opens its leavers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from enrollment.views.exports import exports
from enrollment.views.place import chosen_district, recent_years
from organizations.models import District
from organizations.rules.calendar import SchoolYearDates
from reports.figures.leavers import ANSWERED, WAITING, Line, fits, leavers_of, outcomes
from reports.figures.record_outcome import DEED
from reports.lists.of_leavers import bases
from reports.rules.post_school import NUMBER, Leaver, Outcome, parts, shares
from reports.views.indicator_chips import chips
from security.refusals import NotAllowed
from security.rules.roles import Permission
from students.access import why_not_for
from students.facts import child_cell, grouped
from students.models import Student
from ui.lists import Column, Count, Filter, ListState, Page, take
from ui.parts import Cell, Status

OUT_OF_REACH = "Not in your reach now"
TONES = {Leaver.ASKED: "info", Leaver.NO_BASIS: "warn"}
NOTES = {Leaver.ASKED: "within a year of leaving", Leaver.NO_BASIS: "record the reason of the exit"}
BY_PART = (
    Column("part", "Part"), Column("n", "Youth", numeric=True), Column("of", "Of", numeric=True),
    Column("percent", "Percent", numeric=True),
)  # fmt: skip
BY_ANSWER = (Column("answer", "Answer"), Column("n", "Youth", numeric=True))
ANSWERS = {each.name.lower(): each.value for each in Outcome} | {WAITING: "not asked, or not answered yet"}
BY_BASIS = (
    Column("basis", "Basis of exit"), Column("stands", "Stands"), Column("n", "Youth", numeric=True),
)  # fmt: skip
LEAVERS = (
    Column("student", "Student"), Column("left", "Left"), Column("basis", "Basis of exit"),
    Column("stands", "Stands"), Column("asked_by", "Asked by"), Column("answer", "Answer"),
)  # fmt: skip


@require_safe
def leavers(request: HttpRequest) -> HttpResponse:
    """`?year=` the school year in which they left, the last one unless another is chosen."""
    district, offered, reach = chosen_district(request)
    if not (reach.everything or district.pk in reach.district_ids):
        raise NotAllowed(f"A role at a school does not show how the whole of {district} stands.")
    state = ListState.read(request.GET, LEAVERS, filters=filters(offered))
    year = _year(state)
    lines = leavers_of(district, year, timezone.localdate())
    page = take([line for line in lines if fits(line, state.chosen)], state)
    known = Student.objects.in_bulk([line.student_id for line in page.rows])
    request.user.saw_among_others(known, f"indicator {NUMBER}")
    may = why_not_for(request.user, Permission.ENTER_EXIT, district, None, DEED) is None
    context = {
        "number": NUMBER, "name": f"Indicator {NUMBER}", "district": district, "year": year, "state": state,
        "chips": chips(NUMBER), "authority": parts()[0].authority,
        "parts": _parts(lines, state), "answers": _answers(lines, state), "numbers": _numbers(lines, state),
        "bases": _bases(lines, state), "total": len(lines),
        "exports": exports(
            request.user, f"indicator-{NUMBER}", state, district=district.pk, year=year.label
        ),
        "page": replace(page, rows=[_row(known.get(line.student_id), line, may) for line in page.rows]),
    }  # fmt: skip
    return render(request, "reports/leavers.html", context)


def filters(districts: Sequence[District]) -> tuple[Filter, ...]:
    """The last school year is asked now, and stands first."""
    this, last, *before = [(year.label, year.label) for year in recent_years()]
    choice = Filter("district", "District", [(str(row.pk), row.name) for row in districts])
    return (
        *([choice] if len(districts) > 1 else []),
        Filter("year", "Left in", [last, this, *before]),
        Filter("stands", "Stands", [("", "Any"), *((each.name.lower(), each.value) for each in Leaver)]),
        Filter("basis", "Basis of exit", [("", "Any"), *bases().items()]),
        Filter("answer", "Answer", [("", "Any"), *ANSWERS.items()]),
        Filter("part", "Part", [("", "Any"), (ANSWERED, "answered"), *((r.part, r.part) for r in parts())]),
    )


def _year(state: ListState) -> SchoolYearDates:
    years = {year.label: year for year in recent_years()}
    return years.get(state.chosen.get("year", ""), recent_years()[1])


def _link(state: ListState, **chosen: str) -> str:
    kept = {name: state.chosen[name] for name in ("district", "year") if name in state.chosen}
    return f"{replace(state, chosen=kept | chosen, page=1).url()}#children"


def _numbers(lines: Sequence[Line], state: ListState) -> list[tuple[int, str, str, str, str]]:
    """Number, label, note, address and tone of each standing that occurs."""
    found = Counter(line.stands for line in lines)
    return [
        (found[each], f"{each.value[0].upper()}{each.value[1:]}", NOTES.get(each, "left out"),
         _link(state, stands=each.name.lower()), "bad" if each is Leaver.NO_BASIS else "")
        for each in Leaver if each in found
    ]  # fmt: skip


def _parts(lines: Sequence[Line], state: ListState) -> Page:
    rows: list[dict[str, object]] = [
        {
            "part": Cell(f"{part.part} {part.title}"),
            "n": Cell(share.in_time, _link(state, part=part.part)) if share.in_time else 0,
            "of": Cell(share.counted, _link(state, part=ANSWERED)) if share.counted else 0,
            "percent": str(share),
        }
        for part, share in shares(outcomes(lines))
    ]
    return Page(ListState(BY_PART), rows, Count(len(rows)), False)


def _answers(lines: Sequence[Line], state: ListState) -> Page:
    """Of who is asked: each answer, and how many have given none."""
    found = Counter(line.answer for line in lines if line.answer)
    rows: list[dict[str, object]] = [
        {"answer": words.capitalize(), "n": Cell(found[name], _link(state, answer=name))}
        for name, words in ANSWERS.items()
        if name in found
    ]
    return Page(ListState(BY_ANSWER), rows, Count(len(rows)), False)


def _bases(lines: Sequence[Line], state: ListState) -> Page:
    found = Counter((line.left.basis, line.stands) for line in lines if line.left.basis)
    rows: list[dict[str, object]] = [
        {
            "basis": Cell(bases().get(code, code), sub=code), "stands": stands.value,
            "n": Cell(n, _link(state, basis=code, stands=stands.name.lower())),
        }
        for (code, stands), n in sorted(found.items())
    ]  # fmt: skip
    return Page(ListState(BY_BASIS), rows, Count(len(rows)), False)


def _row(child: Student | None, line: Line, may: bool) -> dict[str, object]:
    code, url = line.left.basis, reverse("reports:outcome", args=[line.exit_id])
    unsettled = may and line.stands is Leaver.NO_BASIS
    reason_at = reverse("enrollment:exit_reason", args=[line.exit_id]) if unsettled else ""
    return {
        "student": child_cell(child, sub=grouped(child.state_student_id)) if child else OUT_OF_REACH,
        "left": line.left.day, "basis": Cell(code, sub=bases().get(code, "")),
        "stands": Cell(
            "Record the reason" if reason_at else "", reason_at,
            status=Status(TONES.get(line.stands, "quiet"), line.stands.value),
        ),
        "asked_by": line.left.asked_by if line.stands is Leaver.ASKED else "",
        "answer": Cell(ANSWERS[line.answer], url if may else "") if line.answer else "",
    }  # fmt: skip
