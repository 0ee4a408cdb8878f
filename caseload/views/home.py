"""My work: what is due and what to do next, by what this person may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from caseload.access import KEEPS
from caseload.actions.dirty import count_children
from caseload.addresses import page
from caseload.at_hand import Draft, Given, drafts_of, given_to, has_own, recent_of, running
from caseload.due import HORIZON, WEEK, Due, children, dues
from caseload.placed import with_places
from caseload.state import state_home, statewide_roles
from caseload.tally import Heap, amount, first_of, tally
from evaluations.rules.parts import area
from jobs.models import Job
from jobs.news import ended_since_seen
from security.access import permissions_anywhere
from security.access.requests import looks_after_the_state
from security.models import User
from security.rules.roles import Permission
from security.scope import Scope
from students.models import Student
from ui.charts import Bar
from ui.dates import MONTHS, in_words
from ui.lists import Chip, Column, Filter, ListState, count_up_to

KINDS = [("iep", "IEP"), ("evaluation", "Evaluation"), ("enrollment", "Enrollment"), ("notice", "Parents")]
COLUMNS = (
    Column("student", "Student"),
    Column("what", "What is due"),
    Column("due", "Due"),
    Column("step", "Next step"),
)
EVERYBODY = "all"
FILTERS = (
    Filter("kind", "Kind", [("", "All"), *KINDS]),
    Filter("whose", "Whose", [("", "With me"), (EVERYBODY, "Everybody's")]),
)
WHOSE = {
    "iep": (Permission.WRITE_IEP, "With the case manager"),
    "evaluation": (Permission.EDIT_EVALUATION, "With pupil appraisal"),
    "enrollment": (Permission.ENTER_EXIT, "With the registrar"),
    "notice": (Permission.KEEP_CONTACTS, "With who keeps contacts"),
}
FIRST = {"overdue": 25, "week": 25, "later": 8}  # rows of each group on the page
ALL = dict.fromkeys(FIRST, 500)  # with "show all"
Kind = TypeVar("Kind", Due, Heap)


@dataclass(frozen=True)
class Group:
    """Overdue, Due this week or Later: how many there are, and the rows shown."""

    id: str
    title: str
    tone: str
    note: str
    n: int
    rows: list[Due]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today, scope = timezone.localdate(), request.user.scope()
    held = permissions_anywhere(request.user)
    casework = not (scope.is_empty or scope.everything)
    waiting = count_children(scope) if casework else 0
    state = ListState.read(request.GET, COLUMNS, filters=FILTERS)
    own = casework and has_own(request.user)
    person = request.user if own and state.chosen.get("whose") != EVERYBODY else None
    limits = ALL if request.GET.get("show") == "all" else FIRST
    found = tally(scope, today, person, max(limits.values())) if casework else []
    chosen = [heap for heap in found if heap.kind == state.chosen.get("kind", heap.kind)]
    groups, total = grouped(chosen, today, limits), amount(chosen)
    drafts, recent = drafts_of(request.user), recent_of(request.user)
    given = given_to(request.user) if Permission.ASSESS in held else []
    shown = [due.student_id for group in groups for due in group.rows]
    aside = {*(pk for pk, _ in recent), *(one.student_id for one in (*drafts, *given))}
    people = with_places(scope, {*shown, *aside})
    for pk, student in people.items():
        student.url = _url(("caseload:student", pk), pk)
    request.user.saw_among_others(people, "my work")
    return render(
        request,
        "caseload/home.html",
        {
            "today": today, "state": state, "casework": casework, "everything": scope.everything,
            "groups": [(group, [_line(due, people, held) for due in group.rows]) for group in groups],
            "total": total, "shown": len(shown), "more": total - len(shown),
            "until": today + HORIZON,
            "strip": strip(found, today), "weeks": by_week(found, today),
            "waiting": waiting, "whose": whose_chips(state, person) if own else [],
            "chips": state.chips("kind", kind_counts(found)), "numbers": numbers(request, scope, today),
            "children": count_up_to(children(scope)) if casework else None,
            "given": [_given(one, people) for one in given if one.student_id in people],
            "drafts": [_draft(draft, people) for draft in drafts if draft.student_id in people],
            "recent": [(people[pk], at) for pk, at in recent if pk in people],
            "no_students": scope.is_empty, "head_links": head_links(request.user, scope),
            "students_url": page("students:list"), "lists_url": reverse("reports:lists"),
            "account_url": page("security:account"), "until_words": f"{in_words(today + HORIZON)}.",
            "all_url": state.url(show="all"), "grants_access": Permission.GRANT_ACCESS in held,
            "state_home": state_home() if looks_after_the_state(request.user) else None,
        },
    )  # fmt: skip


def whose_chips(state: ListState, person: User | None) -> list[Chip]:
    return [
        Chip(state.filter_url("whose", ""), "With me", None, person is not None),
        Chip(state.filter_url("whose", EVERYBODY), "Everybody's", None, person is None),
    ]


def head_links(user: User, scope: Scope) -> list[tuple[str, str]]:
    """The buttons of the page; the last one is filled."""
    name = "All students" if scope.everything else "All my students"
    offered = [(name, page("students:list")) if not scope.is_empty else ("", "")]
    if not (scope.is_empty or scope.everything):
        offered.insert(0, ("Deadlines", page("caseload:overview")))
    if Permission.ENTER_EXIT in permissions_anywhere(user):
        offered.append(("Enter a student", page("enrollment:enter")))
    return [(label, url) for label, url in offered if url]


def split(found: Sequence[Kind], today: date) -> tuple[list[Kind], list[Kind], list[Kind]]:
    """Overdue, due within seven days from today on, later."""
    end = today + WEEK
    return (
        [due for due in found if due.day < today],
        [due for due in found if today <= due.day < end],
        [due for due in found if due.day >= end],
    )


def grouped(found: list[Heap], today: date, limits: Mapping[str, int]) -> list[Group]:
    named = [
        ("overdue", "Overdue", "bad", "Oldest first."),
        ("week", "Due this week", "warn", f"To {_weekday(today + WEEK - timedelta(days=1))}."),
        ("later", "Later", "ok", f"To {_short(today + HORIZON)}."),
    ]
    parts = split(found, today)
    keys = [key for (id, *_), heaps in zip(named, parts, strict=True) for key in first_of(heaps, limits[id])]
    rows = split(dues(keys), today) if keys else parts
    return [
        Group(id, title, tone, f"{n:,}. {note}{_cut(n, limits[id])}", n, own[: limits[id]])
        for (id, title, tone, note), heaps, own in zip(named, parts, rows, strict=True)
        if (n := amount(heaps))
    ]


def _cut(n: int, most: int) -> str:
    return f" Next {most} shown." if n > most else ""


def strip(found: list[Heap], today: date) -> list[dict[str, object]]:
    late, week, later = split(found, today)
    oldest = f"oldest by {(today - late[0].day).days:,} days" if late else "nothing is late"
    end = f"to {_weekday(today + WEEK - timedelta(days=1))}"
    return [
        _number(
            late, "Overdue", oldest, "overdue", "bad" if late else "", "error" if late else "check_circle"
        ),
        _number(week, "Due this week", end, "week", "warn", "schedule"),
        _number(later, "Later", f"to {_short(today + HORIZON)}", "later", "", "event"),
    ]


def _number(heaps: list[Heap], label: str, note: str, id: str, tone: str, icon: str) -> dict[str, object]:
    url = f"#{id}" if heaps else ""
    return {"n": amount(heaps), "label": label, "note": note, "url": url, "tone": tone, "icon": icon}


def by_week(found: list[Heap], today: date) -> list[Bar]:
    """Late, then eight weeks from today."""
    late = amount(heap for heap in found if heap.day < today)
    bars = [Bar("late", late, "bad")]
    for n in range(HORIZON // WEEK):
        first = today + n * WEEK
        there = amount(heap for heap in found if first <= heap.day < first + WEEK)
        before = first - WEEK
        label = _short(first) if n == 0 or first.month != before.month else str(first.day)
        bars.append(Bar(label, there, "accent" if n == 0 else "soft"))
    return bars


def kind_counts(found: list[Heap]) -> list[tuple[str, str, int]]:
    counts = {kind: amount(heap for heap in found if heap.kind == kind) for kind, _ in KINDS}
    return [
        ("", "All", amount(found)),
        *((kind, label, counts[kind]) for kind, label in KINDS if counts[kind]),
    ]


def numbers(request: HttpRequest, scope: Scope, today: date) -> list[tuple[str, str, str, str]]:
    """Label, number, note and address of what stands beside the deadlines."""
    rows: list[tuple[str, str, str, str]] = []
    if not scope.is_empty:
        evaluations, papers, overdue = running(scope, today)
        late = f"{overdue:,} overdue" if overdue else "none overdue"
        rows = [
            ("Evaluations in progress", str(evaluations), "", _list("evaluations", "state=in_progress")),
            ("Exit documentation", f"{papers:,}", late, _list("enrollments", "open=documentation")),
        ]
    if KEEPS in permissions_anywhere(request.user):
        rows.append(("Calendars", "", "what due days are counted by", reverse("caseload:calendars")))
    jobs = Job.objects.of(request.user.pk).unfinished().count()
    ended = ended_since_seen(request.user.pk, request.session)
    note = f"{ended} ended since you looked" if ended else ""
    if looks_after_the_state(request.user):
        rows.append(
            ("Roles for the whole state", f"{statewide_roles():,}", "", reverse("security:statewide"))
        )
    return [*rows, ("Jobs", f"{jobs:,} running", note, reverse("jobs:list"))]


def _list(slug: str, query: str) -> str:
    return f"{reverse('reports:list', args=[slug])}?{query}"


def _line(due: Due, people: dict[int, Student], held: frozenset[str]) -> tuple[Due, Student | None, str]:
    """A step that is another's work is named, and has no address."""
    needed, whose = WHOSE[due.kind]
    if needed not in held:
        return replace(due, step=whose), people.get(due.student_id), ""
    return due, people.get(due.student_id), _url(due.address, due.student_id)


def _given(given: Given, people: dict[int, Student]) -> tuple[Given, str, Student, str]:
    row = area(given.area)
    url = reverse("evaluations:component", args=[given.evaluation_id, given.pk])
    return given, row.name if row else given.area, people[given.student_id], url


def _draft(draft: Draft, people: dict[int, Student]) -> tuple[Draft, Student, str]:
    return draft, people[draft.student_id], _url(("ieps:iep", draft.pk), draft.student_id)


def _url(address: tuple[str, int], student_id: int) -> str:
    """The page of the record, else of the child."""
    name, pk = address
    return page(name, pk) or page("caseload:student", student_id)


def _short(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}"


def _weekday(day: date) -> str:
    return f"{day:%a}, {_short(day)}"
