"""Deadlines as a list."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from caseload.addresses import page
from caseload.due import HORIZON, WEEK
from caseload.models import Deadline
from caseload.models.deadline import DeadlineQuerySet
from caseload.rules.sources import listed, source_of
from caseload.views.place import Reach, reach_of, within
from security.models import User
from students.facts import child_cell
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell
from ui.templatetags.ui import urgency

ME, NOBODY = "me", "nobody"
OVERDUE, SOON, LATER, NO_DAY = "overdue", "week", "later", "no-day"
WHEN = {OVERDUE: "Overdue", SOON: "Due this week", LATER: "Later", NO_DAY: "No due day"}
COLUMNS = (
    Column("student", "Student", "student__sort_name"),
    Column("what", "What is due", "number"),
    Column("due", "Due", "due_on"),
    Column("how_far", "Stands"),
    Column("who", "With", "responsible__last_name"),
    Column("site", "School", "site__name"),
)


def which(when: str, today: date) -> Q:
    """Later goes to the end of the eight weeks that the home page shows."""
    return {
        OVERDUE: Q(due_on__lt=today),
        SOON: Q(due_on__range=(today, today + WEEK - timedelta(days=1))),
        LATER: Q(due_on__range=(today + WEEK, today + HORIZON)),
        NO_DAY: Q(due_on=None),
    }[when]


def open_in(reach: Reach) -> DeadlineQuerySet:
    """What is a line of its own; D03, say, has the day of D02 and is shown with it."""
    return Deadline.objects.in_scope(reach.scope).filter(within(reach), number__in=listed()).open()


@require_safe
def deadline_list(request: HttpRequest) -> HttpResponse:
    """`?who=me` (or a person's number, or nobody), `?site=`, `?number=`, `?when=`."""
    reach, today = reach_of(request), timezone.localdate()
    state = ListState.read(request.GET, COLUMNS, filters=filters(reach), default_sort="due")
    rows = narrowed(open_in(reach), state.chosen, request.user, today)
    shown = rows.select_related("student", "responsible", "site").order_by(*state.order_by())
    found = take(shown, state)
    request.user.saw_among_others([row.student_id for row in found.rows], "list of deadlines")
    name = _name_of(state.chosen.get("who", ""), found.rows)
    context = {
        "state": state, "district": reach.district,
        "title": f"Open deadlines, with {name}" if name else "Open deadlines", "waiting": reach.waiting,
        "page": Page(found.state, [_row(row, today) for row in found.rows], found.count, found.has_next),
    }  # fmt: skip
    return render(request, "caseload/deadlines.html", context)


def district_filter(reach: Reach) -> tuple[Filter, ...]:
    return (Filter("district", "District", reach.districts),) if len(reach.districts) > 1 else ()


def filters(reach: Reach) -> tuple[Filter, ...]:
    numbers = [(number, name_of(number)) for number in listed()]
    return (
        *district_filter(reach),
        Filter("who", "With"),
        Filter("site", "School", [("", "Every school"), *reach.sites()]),
        Filter("number", "Deadline", [("", "Any"), *numbers]),
        Filter("when", "When", [("", "Any"), *WHEN.items()]),
    )


def narrowed(rows, chosen: Mapping[str, str], me: User, today: date):
    if who := chosen.get("who"):
        rows = rows.filter(_with(who, me))
    if site := chosen.get("site"):
        rows = rows.filter(site=site)
    if number := chosen.get("number"):
        rows = rows.filter(number=number)
    if when := chosen.get("when"):
        rows = rows.filter(which(when, today))
    return rows


def _with(who: str, me: User) -> Q:
    """Me, nobody, a person by number as links give it, or by the beginning of the last name."""
    if who == ME:
        return Q(responsible=me)
    if who == NOBODY:
        return Q(responsible=None)
    return Q(responsible=int(who)) if _is_number(who) else Q(responsible__last_name__istartswith=who)


def _is_number(who: str) -> bool:
    return who.isascii() and who.isdigit() and len(who) < 10


def _name_of(who: str, shown: Sequence[Deadline]) -> str:
    """As a link gave it; a person by number is named where something is shown that is with them."""
    if _is_number(who):
        return str(shown[0].responsible) if shown else ""
    return {ME: "me", NOBODY: "nobody"}.get(who, "")


def _row(row: Deadline, today: date) -> dict[str, object]:
    name, pk = row.address
    return {
        "student": child_cell(row.student, page("caseload:student", row.student_id)),
        "what": Cell(
            row.name,
            page(name, pk) or page("caseload:student", row.student_id),
            sub=f"{row.number} {row.part}".strip(),
        ),
        "due": Cell(row.due_on or "No due day", page("caseload:deadline", row.pk), sub=row.why_not),
        "how_far": Cell(status=urgency(row.due_on, today)) if row.due_on else "",
        "who": str(row.responsible or "nobody"),
        "site": str(row.site or ""),
    }


def name_of(number: str) -> str:
    """ "D02 Initial evaluation" """
    source = source_of(number)
    return f"{number} {source.name}" if source else number


def list_url(**chosen: str) -> str:
    return reverse("caseload:deadlines") + ListState((), chosen=chosen).url()
