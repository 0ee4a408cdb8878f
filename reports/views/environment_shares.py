"""Indicators 5 and 6 of a district, today or in a frozen count: each number opens the children behind it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from enrollment.views.exports import exports
from enrollment.views.place import chosen_district
from organizations.models import District
from reports.figures.environment_shares import COUNTED, LEFT_OUT, Child, children_of, fits, latest_of
from reports.figures.environment_shares import counts_of as counts_in
from reports.lists.of_environments import environments, words_of
from reports.models import Snapshot
from reports.models.snapshot import SnapshotQuerySet
from reports.rules.environment_shares import NO_PART, file_of, part_of, parts, shares, shares_of
from reports.rules.federal.tables import file_of as federal_file
from reports.rules.federal.tables import reasons, submission_year
from reports.views.indicator_chips import chips
from security.refusals import NotAllowed
from security.scope import Scope
from students.facts import child_cell, grouped
from students.models import Student
from ui.dates import in_words
from ui.lists import Column, Count, Filter, ListState, Page, take
from ui.parts import Cell, Status

TITLES = {5: "Where children of school age are taught", 6: "Where young children are taught"}
BY_DISTRICT = (Column("district", "District"), Column("counted", "Counted", numeric=True))
BY_PART = (
    Column("part", "Part"), Column("n", "Children", numeric=True), Column("of", "Of", numeric=True),
    Column("percent", "Percent", numeric=True),
)  # fmt: skip
BY_SETTING = (
    Column("setting", "Setting"), Column("part", "In part"), Column("n", "Children", numeric=True),
)  # fmt: skip
BY_REASON = (Column("reason", "Why"), Column("n", "Children", numeric=True), Column("do", "What to do"))
OUT_OF_REACH = "Not in your reach now"
CHILDREN = (
    Column("student", "Student"), Column("age", "Age"), Column("setting", "Setting"),
    Column("part", "In part"), Column("stands", "Stands"),
)  # fmt: skip


@require_safe
def environment_shares(request: HttpRequest, number: int) -> HttpResponse:
    """`?count=` a frozen count, else the records of today; the other filters narrow the children below."""
    district, offered, reach = chosen_district(request)
    if not _is_whole(reach, district):
        raise NotAllowed(f"A role at a school does not show how the whole of {district} stands.")
    seen = Snapshot.objects.visible_to(request.user)
    today, counts = timezone.localdate(), counts_in(seen, [district.pk])
    state = ListState.read(request.GET, CHILDREN, filters=filters(number, offered, counts))
    frozen = next((row for row in counts if str(row.pk) == state.chosen.get("count")), None)
    children = children_of(number, district, today, frozen)
    page = take([child for child in children if fits(number, child, state.chosen)], state)
    known = Student.objects.in_bulk([child.student_id for child in page.rows])
    request.user.saw_among_others(known, f"indicator {number}")
    context = {
        "number": number, "name": f"Indicator {number}", "title": TITLES[number], "district": district,
        "day": frozen.day if frozen else today, "frozen": frozen, "state": state,
        "content": federal_file(file_of(number), submission_year(today)).content,
        "file": file_of(number), "authority": parts(number)[0].authority, "chips": chips(number),
        "districts": _districts(seen, number, [row for row in offered if _is_whole(reach, row)]),
        "parts": _parts(number, children, state), "settings": _settings(number, children, state),
        "reasons": _reasons(children, state), "total": len(children),
        "counted": sum(child.counted for child in children), "link": _link(state, stands=COUNTED),
        "exports": exports(request.user, f"indicator-{number}", state, district=district.pk),
        "page": replace(page, rows=[_row(number, known.get(child.student_id), child) for child in page.rows]),
    }  # fmt: skip
    return render(request, "reports/environment_shares.html", context)


def _is_whole(reach: Scope, district: District) -> bool:
    return reach.everything or district.pk in reach.district_ids


def _districts(seen: SnapshotQuerySet, number: int, districts: Sequence[District]) -> Page | None:
    """Side by side by their latest frozen counts, and all of them together."""
    names = {row.pk: row.name for row in districts}
    if len(names) < 2:
        return None
    found = sorted(latest_of(seen, number, names), key=lambda each: names[each[0].district_id])
    rows = [
        {
            "district": Cell(
                names[row.district_id],
                f"?district={row.district_id}&count={row.pk}",
                sub=f"{in_words(row.day)}, {row.get_state_display()}",
            ),
            **_shares(number, counted),
        }
        for row, counted in found
    ]
    together = sum((counted for _, counted in found), Counter[str]())
    rows.append({"district": f"These {len(found)} together", **_shares(number, together)})
    letters = [Column(row.part, row.part, numeric=True) for row in parts(number)]
    return _table((*BY_DISTRICT, *letters), rows if found else [])


def _shares(number: int, counted: Mapping[str, int]) -> dict[str, object]:
    told = {row.part: str(share) for row, share in shares_of(number, counted)}
    return {"counted": sum(counted.values()), **told}


def filters(number: int, districts: Sequence[District], counts: Sequence[Snapshot]) -> tuple[Filter, ...]:
    frozen = [(str(row.pk), f"Frozen: {in_words(row.day)}, {row.get_state_display()}") for row in counts]
    named = [(row.part, f"{row.part} {row.title}") for row in parts(number)]
    choice = Filter("district", "District", [(str(row.pk), row.name) for row in districts])
    return (
        *([choice] if len(districts) > 1 else []),
        Filter("count", "As of", [("", "Today's records"), *frozen]),
        Filter("part", "Part", [("", "Any"), *named, (NO_PART, "In none, but counted")]),
        Filter("environment", "Setting", [("", "Any"), *environments(number).items()]),
        Filter("stands", "Children", [("", "All"), (COUNTED, "Counted"), (LEFT_OUT, "Not counted")]),
        Filter("reason", "Why not", [("", "Any reason"), *((r.reason, r.words) for r in reasons().values())]),
    )


def _link(state: ListState, **chosen: str) -> str:
    kept = {name: state.chosen[name] for name in ("district", "count") if name in state.chosen}
    return f"{replace(state, chosen=kept | chosen, page=1).url()}#children"


def _table(columns: Sequence[Column], rows: list[dict[str, object]]) -> Page:
    return Page(ListState(tuple(columns)), rows, Count(len(rows)), False)


def _parts(number: int, children: Sequence[Child], state: ListState) -> Page:
    """Numerator, denominator and percent of each part."""
    return _table(BY_PART, [
        {
            "part": Cell(f"{row.part} {row.title}", sub=", ".join(row.settings)),
            "n": Cell(share.in_time, _link(state, part=row.part)) if share.in_time else 0,
            "of": Cell(share.counted, _link(state, stands=COUNTED)) if share.counted else 0,
            "percent": str(share),
        }
        for row, share in shares(number, children)
    ])  # fmt: skip


def _settings(number: int, children: Sequence[Child], state: ListState) -> Page:
    """Each setting that occurs among the counted: their sum is the denominator."""
    found = Counter(child.environment for child in children if child.counted)
    return _table(BY_SETTING, [
        {
            "setting": Cell(words, sub=code), "part": _part_in_words(number, code),
            "n": Cell(found[code], _link(state, environment=code)),
        }
        for code, words in environments(number).items()
        if code in found
    ])  # fmt: skip


def _part_in_words(number: int, environment: str) -> str:
    part = part_of(number, environment)
    return "in none" if part == NO_PART else part


def _reasons(children: Sequence[Child], state: ListState) -> Page:
    found = Counter(reason for child in children for reason in child.reasons)
    return _table(BY_REASON, [
        {
            "reason": Cell(said.words, sub=said.authority),
            "n": Cell(found[why], _link(state, stands=LEFT_OUT, reason=why)),
            "do": said.what_to_do,
        }
        for why, said in reasons().items()
        if why in found
    ])  # fmt: skip


def _row(number: int, child: Student | None, found: Child) -> dict[str, object]:
    """A child that moved out of the reader's reach since then is counted, and not named."""
    why = " ".join(f"{reasons()[reason].words}." for reason in found.reasons)
    stands = Status("good", "counted") if found.counted else Status("warn", "not counted")
    return {
        "student": child_cell(child, sub=grouped(child.state_student_id)) if child else OUT_OF_REACH,
        "age": found.age, "setting": Cell(found.environment, sub=words_of(number, found.environment)),
        "part": _part_in_words(number, found.environment) if found.counted else "",
        "stands": Cell(status=stands, sub=why),
    }  # fmt: skip
