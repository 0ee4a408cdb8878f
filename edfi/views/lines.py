"""Every line of the desk, open or cleared: a list to look through, and to take away as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from edfi.files import DESK
from edfi.lines import asked
from edfi.models import Needs, Trouble
from edfi.views.desk import for_those_who_see_it
from edfi.views.files import hand_out
from security.access import holds_anywhere
from security.rules.roles import Permission
from students.facts import child_cell
from ui.dates import in_words
from ui.lists import Page, count_up_to, take
from ui.parts import Cell, Status

TONES = {Needs.PERSON: "bad", Needs.NOTHING: "info"}


@require_safe
@for_those_who_see_it
def show(request: HttpRequest) -> HttpResponse:
    state, found = asked(request.user, request.GET)
    page = take(found.select_related("student", "assigned_to"), state, count_up_to(found))
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
    """The list as filtered."""
    state, _ = asked(request.user, request.GET)
    return hand_out(request, DESK, state.query(), reverse("edfi:lines") + state.url())


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
