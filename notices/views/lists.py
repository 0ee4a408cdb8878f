"""The lists of a district: notices to parents, and requests for records."""

from django.db.models import F, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from enrollment.views.exports import exports
from notices.models import Notice, RecordsRequest
from notices.rules.kinds import notices as notice_rows
from notices.views.shown import late_words, standing_of, status_of
from organizations.calendars import calendars_of
from students.facts import child_cell
from students.models.student import Fold
from ui.lists import Column, Filter, ListState, Page, count_up_to, take
from ui.parts import Cell

COLUMNS = (
    Column("student", "Student", "student__sort_name"),
    Column("kind", "Notice", "kind"),
    Column("state", "State"),
    Column("issued", "Issued", "issued_on"),
    Column("event", "About the day", "event_on"),
    Column("delivered", "Delivered"),
    Column("district", "District", "district__name"),
)
STATES = (
    ("", "All"),
    ("drafts", "Drafts"),
    ("undelivered", "Not delivered yet"),
    ("delivered", "Delivered"),
)
REQUEST_COLUMNS = (
    Column("student", "Student", "student__sort_name"),
    Column("asked", "Asked on", "asked_on"),
    Column("by", "Who asked"),
    Column("stands", "How it stands"),
    Column("district", "District", "district__name"),
)
REQUEST_STATES = (("", "All"), ("open", "Not answered yet"), ("answered", "Answered"))
NAME = Filter("name", "Student's last name")


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    kinds = [("", "All notices"), *((row.kind, row.name) for row in notice_rows())]
    filters = (NAME, Filter("kind", "Notice", kinds), Filter("state", "State", STATES))
    state = ListState.read(request.GET, COLUMNS, filters=filters, default_sort="-issued")
    rows = _filtered(Notice.objects.visible_to(request.user), state)
    shown = rows.select_related("student", "district__state").prefetch_related("deliveries")
    page = take(shown.order_by(*_drafts_first(state)), state, count_up_to(rows))
    request.user.saw_among_others([each.student_id for each in page.rows], "list of notices to parents")
    calendars = calendars_of({each.district_id for each in page.rows})
    cells = [_notice_row(each, calendars) for each in page.rows]
    page = Page(page.state, cells, page.count, page.has_next)
    files = exports(request.user, "notices", page.state)
    return render(request, "notices/list.html", {"state": state, "page": page, "exports": files})


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    filters = (NAME, Filter("state", "State", REQUEST_STATES))
    state = ListState.read(request.GET, REQUEST_COLUMNS, filters=filters, default_sort="asked")
    rows = _filtered(RecordsRequest.objects.visible_to(request.user), state)
    shown = rows.select_related("student__state", "district").order_by(*state.order_by())
    page = take(shown, state, count_up_to(rows))
    request.user.saw_among_others([each.student_id for each in page.rows], "list of requests for records")
    page = Page(page.state, [_request_row(each) for each in page.rows], page.count, page.has_next)
    files = exports(request.user, "records-requests", page.state)
    return render(request, "notices/requests.html", {"state": state, "page": page, "exports": files})


def _filtered(rows: QuerySet, state: ListState) -> QuerySet:
    chosen = state.chosen
    if name := chosen.get("name"):
        rows = rows.filter(student__sort_name__startswith=Fold(Value(name)))
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if which := chosen.get("state"):
        rows = getattr(rows, which)()
    return rows


def _drafts_first(state: ListState) -> list:
    """By the day of issue, drafts are the newest."""
    if (state.sort, state.descending) != ("issued", True):
        return state.order_by()
    return [F("issued_on").desc(nulls_first=True), "-pk"]


def _notice_row(notice: Notice, calendars: dict) -> dict[str, object]:
    delivered = notice.first_delivery
    late = late_words(notice, calendars.get(notice.district_id), timezone.localdate())
    return {
        "student": child_cell(notice.student, reverse("notices:notice", args=[notice.pk])),
        "kind": notice.name,
        "state": Cell(status=status_of(notice), sub=late),
        "issued": notice.issued_on,
        "event": notice.event_on,
        "delivered": Cell(delivered.on, sub=delivered.channel_name) if delivered else "",
        "district": str(notice.district),
    }


def _request_row(asked: RecordsRequest) -> dict[str, object]:
    standing = standing_of(asked, asked.student.state.profile, timezone.localdate())
    return {
        "student": child_cell(asked.student, reverse("notices:request", args=[asked.pk])),
        "asked": asked.asked_on,
        "by": Cell(asked.asked_by, sub=asked.what),
        "stands": Cell(status=standing),
        "district": str(asked.district),
    }
