"""The list of students, and the search of every page."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.models import Site, SiteAffiliation
from security.access import holds_anywhere
from security.rules.roles import Permission
from security.scope import Scope
from students.extensions import list_extensions, stubs_found
from students.facts import child_cell, grade_choices, grade_short, grouped
from students.models import Student
from students.queries import EARLIER, RosterRows, Wanted
from students.search import find
from ui.lists import DEFAULT_SIZE, Column, Filter, ListState, Page, take
from ui.parts import Cell

EXPORT_URL = "/lists/students/export"
DROP_DOWN, PAGE_OF_HITS = 8, 50


@require_safe
def student_list(request: HttpRequest) -> HttpResponse:
    """The students of my places; filter, sort and page are in the address."""
    scope = request.user.scope()
    state = ListState.read(request.GET, columns(), filters=filters(scope), default_sort="name")
    rows = roster(scope, state)
    page = take(rows, state, rows.count())
    request.user.saw_among_others([child.pk for child in page.rows], "list of students")
    context = {
        "page": table(page),
        "sees_none": scope.is_empty,
        "exports": exports(state) if holds_anywhere(request.user, Permission.EXPORT) else (),
        "may_enter": holds_anywhere(request.user, Permission.ENTER_EXIT),
        "may_ask_archive": holds_anywhere(request.user, Permission.REQUEST_ARCHIVE),
    }
    return render(request, "students/list.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for the words of the search box: a drop-down while typing, else a page."""
    words = request.GET.get("q", "")
    context = {"q": words[:200], "trouble": ""}
    try:
        found = find(request.user, words, DROP_DOWN if request.htmx else PAGE_OF_HITS)
    except ValueError as sentence:
        found, context["trouble"] = [], str(sentence)
    request.user.saw_among_others([hit.student.pk for hit in found], "search")
    if not request.htmx and len(found) == 1 and found[0].certain:
        return redirect("caseload:student", found[0].student.pk)
    for hit in found:
        hit.student.number = grouped(hit.student.state_student_id)
    context |= {"found": found, "more": len(found) == DROP_DOWN, "how_many": how_many(len(found))}
    context |= {"may_enter": holds_anywhere(request.user, Permission.ENTER_EXIT)}
    context |= {"stubs": [] if context["trouble"] else stubs_found(request.user, words, DROP_DOWN)}
    return render(
        request, "students/search_results.html" if request.htmx else "students/search.html", context
    )


def how_many(n: int) -> str:
    if n == PAGE_OF_HITS:
        return f"the {n} nearest; type more to see others"
    return "1 student" if n == 1 else f"{n} students"


def columns() -> tuple[Column, ...]:
    return (
        Column("name", "Student", sort="sort_name"),
        Column("born", "Born", sort="birth_date"),
        Column("grade", "Grade", sort="grade"),
        Column("site", "School"),
        Column("district", "Responsible district"),
        *(extension.column for extension in list_extensions()),
    )


def filters(scope: Scope) -> tuple[Filter, ...]:
    return (
        Filter("name", "Last name begins with", wide=True),
        Filter("site", "School", choices=[("", "Any school"), *site_choices(scope)]),
        Filter("grade", "Grade", choices=grade_choices()),
        *(extension.filter for extension in list_extensions()),
        Filter("when", "Responsible", choices=[("", "Now"), (EARLIER, "Earlier, not now")]),
    )


def site_choices(scope: Scope) -> list[tuple[str, str]]:
    """The schools of the user's places, and the nonpublic and early childhood sites affiliated with them."""
    rows = Site.objects.all()
    if not scope.everything:
        rolled_up = scope.district_ids if scope.rolled_up else ()
        affiliated = SiteAffiliation.objects.filter(district_id__in=rolled_up).values("site_id")
        mine = Q(district_id__in=scope.district_ids) | Q(pk__in=scope.site_ids) | Q(pk__in=affiliated)
        rows = rows.filter(mine)
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def wanted_from(state: ListState) -> Wanted:
    chosen = state.chosen
    extra = tuple(
        (e.filter.name, chosen[e.filter.name]) for e in list_extensions() if e.filter.name in chosen
    )
    plain = {name: chosen.get(name, "") for name in ("name", "site", "grade", "when")}
    return Wanted(**plain, extra=extra)


def roster(scope: Scope, state: ListState) -> RosterRows:
    return RosterRows(scope, wanted_from(state), state.order_by())


def table(page: Page) -> Page:
    """The page with its rows as cells."""
    ids = [student.pk for student in page.rows]
    looked_up = {e.column.key: e.look_up(ids) for e in list_extensions()}
    today = timezone.localdate()
    rows = [
        row_of(student, today) | {key: of.get(student.pk, "") for key, of in looked_up.items()}
        for student in page.rows
    ]
    return Page(page.state, rows, page.count, page.has_next)


def row_of(student: Student, today: date) -> dict[str, object]:
    place = student.place
    return {
        "name": child_cell(student, sub=grouped(student.state_student_id)),
        "born": Cell(student.birth_date, sub=f"{student.age_on(today)} years"),
        "grade": grade_short(student.grade),
        "site": place and place.site or "",
        "district": place and place.district or "",
    }


def exports(state: ListState) -> Iterable[tuple[str, str]]:
    """The whole list, as filtered and sorted now, in each file format."""
    whole = replace(state, page=1, size=DEFAULT_SIZE)
    return [(kind.upper(), EXPORT_URL + whole.url(format=kind)) for kind in ("csv", "xlsx")]
