"""Every line of the desk, open or cleared: a list to look through, and to take away as a file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from edfi import desk
from edfi.actions.take_away import take_away
from edfi.models import Connection, Needs, Trouble
from edfi.views.desk import for_those_who_see_it
from security.access import holds_anywhere
from security.refusals import RuleBroken
from security.rules.roles import Permission
from students.facts import child_cell
from ui.dates import in_words
from ui.lists import Column, Filter, ListState, Page, count_up_to, take
from ui.parts import Cell, Status

COLUMNS = (
    Column("student", "Student", "student__sort_name"),
    Column("reason", "Reason", ("sentence", "about")),
    Column("state", "Now", "resolved_at"),
    Column("count", "Seen", "count", numeric=True),
    Column("first", "Since", "first_seen"),
    Column("who", "Whose", "assigned_to__last_name"),
)
TONES = {Needs.PERSON: "bad", Needs.NOTHING: "info"}


def filters(connections: list[Connection]) -> tuple[Filter, ...]:
    return (
        Filter("connection", "Connection", [(str(row.pk), row.name) for row in connections]),
        Filter("now", "Now", [("", "Open and cleared"), ("open", "Open"), ("cleared", "Cleared")]),
        Filter("needs", "What it needs", [("", "Anything"), *Needs.choices]),
        Filter("whose", "Whose", [("", "Anybody's"), ("mine", "Mine"), ("nobody", "Nobody's")]),
    )


@require_safe
@for_those_who_see_it
def show(request: HttpRequest) -> HttpResponse:
    state, found = _asked(request)
    page = take(found.order_by(*state.order_by()), state, count_up_to(found))
    request.user.saw_among_others([row.student_id for row in page.rows], "Ed-Fi desk")
    rows = [_shown(row) for row in page.rows]
    context = {
        "state": state,
        "page": Page(page.state, rows, page.count, page.has_next),
        "may_take": holds_anywhere(request.user, Permission.EXPORT),
        "file_url": reverse("edfi:file") + state.url(),
    }
    return render(request, "edfi/lines.html", context)


@require_POST
@for_those_who_see_it
def file(request: HttpRequest) -> HttpResponse:
    """The list as filtered. Cells that a spreadsheet would run are escaped."""
    state, found = _asked(request)
    lines = found.order_by(*state.order_by())
    try:
        text = take_away(by=request.user, lines=lines, reason=request.POST.get("reason", ""))
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("edfi:lines") + state.url())
    name = f"ed-fi-desk-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _asked(request: HttpRequest):
    """(state, the lines that it asks for) among those that the person may see."""
    connections = list(desk.connections_of(request.user))
    state = ListState.read(request.GET, COLUMNS, filters=filters(connections), default_sort="-first")
    chosen = state.chosen.get("connection", "")
    connection = next((row for row in connections if str(row.pk) == chosen), None) or next(
        iter(connections), None
    )
    rows = desk.every_trouble_of(request.user, connection) if connection else Trouble.objects.none()
    return state, _narrowed(rows, request, state).select_related("student", "assigned_to")


def _narrowed(rows, request: HttpRequest, state: ListState):
    chosen = state.chosen
    if now := chosen.get("now"):
        rows = rows.open() if now == "open" else rows.cleared()
    if needs := chosen.get("needs"):
        rows = rows.filter(needs=needs)
    if whose := chosen.get("whose"):
        rows = rows.filter(assigned_to=request.user if whose == "mine" else None)
    return rows


def _shown(row: Trouble) -> dict[str, object]:
    now = Status("good", f"cleared {in_words(timezone.localdate(row.resolved_at))}")
    if row.is_open:
        now = Status(TONES.get(Needs(row.needs), "quiet"), row.get_needs_display())
    at_desk = f"{reverse('edfi:desk')}?connection={row.connection_id}&record={row.pk}#record"
    about_student = f"{reverse('edfi:student', args=[row.student_id])}?connection={row.connection_id}"
    return {
        "student": child_cell(row.student, sub=row.student.state_student_id),
        "reason": Cell(row.sentence, url=at_desk if row.is_open else about_student, sub=row.about),
        "state": Cell(status=now),
        "count": row.count,
        "first": timezone.localdate(row.first_seen),
        "who": row.assigned_to.get_full_name() if row.assigned_to else "",
    }
