"""Work lists of enrollment: exits with something to do, duties, seats held, requests to the state."""

from django.contrib import messages
from django.db.models import QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from enrollment import actions
from enrollment.access import check_may_exit, may_end_years, why_not_decide, why_not_exit
from enrollment.actions.duties import BY_THEMSELVES
from enrollment.actions.seats import why_not_release
from enrollment.facts import profile_of
from enrollment.forms.moves import FinishForm, ReleaseForm
from enrollment.models import Duty, DutyKind, Enrollment, RequestState, SeatHold, SupportRequest
from enrollment.queries.exits import WAITING_FOR, exits_to_do, todo_of, which
from enrollment.rules.codes import exit_code
from enrollment.views.exports import exports
from security.views.tried import tried
from students.facts import child_cell
from students.models import Student
from students.models.student import Fold
from ui.dates import in_words
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell, Status

# Under which slug each page is taken away as a file.
SLUGS = {"exits": "exits", "duties": "duties", "seats": "seats", "requests": "support-requests"}
NAME = Filter("name", "Student's last name")
STUDENT = Column("student", "Student", "student__sort_name")
DISTRICT = Column("district", "District", "district__name")
EXIT_COLUMNS = (
    STUDENT, Column("left", "Left", "last_day"), Column("counts", "Reported, counts as"),
    Column("todo", "To do"), Column("due", "Documentation due", "documentation_due"), DISTRICT,
)  # fmt: skip
DUTY_COLUMNS = (STUDENT, Column("what", "What is owed"), Column("since", "Since", "since"),
                Column("how", "How it ends"), DISTRICT)  # fmt: skip
SEAT_COLUMNS = (Column("site", "School", "site__name"), STUDENT, Column("since", "Held since", "since"),
                Column("state", "Seat"), DISTRICT)  # fmt: skip
REQUEST_COLUMNS = (STUDENT, Column("about", "About"), Column("asked", "Asked", "opened_at"),
                   Column("state", "Where it stands"), DISTRICT)  # fmt: skip
STANDING = {
    RequestState.OPEN: Status("warn", "waits for the state", "schedule"),
    RequestState.ANSWERED: Status("info", "waits for the district"),
    RequestState.GRANTED: Status("good", "granted"),
    RequestState.REFUSED: Status("bad", "refused"),
    RequestState.WITHDRAWN: Status("quiet", "withdrawn"),
}


@require_safe
def exits(request: HttpRequest) -> HttpResponse:
    """The district sees its own, the state all; who decides what stands on the page of each."""
    today = timezone.localdate()
    todo = Filter("todo", "To do", [("", "Anything"), *WAITING_FOR.items()])
    state = ListState.read(request.GET, EXIT_COLUMNS, filters=(NAME, todo), default_sort="due")
    rows = exits_to_do(request.user, today)
    if name := state.chosen.get("todo"):
        rows = rows.filter(which(name, today))
    related = rows.select_related("student", "district__state", "site")
    return _list(request, "exits", related, state, lambda row: _exit_row(row, today))


def _exit_row(row: Enrollment, today) -> dict[str, object]:
    return {
        "student": child_cell(row.student, reverse("enrollment:after", args=[row.pk])),
        "left": Cell(row.last_day, sub=str(row.site)),
        "counts": Cell(row.exit_code, sub=_meaning(row)),
        "todo": _statuses(list(todo_of(row, today))),
        "due": "" if row.documentation_accepted_at else row.documentation_due,
        "district": str(row.district),
    }


def _meaning(row: Enrollment) -> str:
    """Of the reported code, or which other one counts instead."""
    if row.effective_exit_code != row.exit_code:
        return f"counts as {row.effective_exit_code}"
    known = exit_code(profile_of(row.district), row.exit_code)
    return known.meaning if known else ""


def _statuses(found: list[Status]) -> Cell:
    return Cell(status=found[0], sub=", ".join(each.text for each in found[1:])) if found else Cell("")


@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    kinds = [("", "Anything"), *((kind.value, kind.label) for kind in DutyKind)]
    done = Filter("done", "State", [("", "Open"), ("yes", "Done")])
    offered = (NAME, Filter("kind", "What is owed", kinds), done)
    state = ListState.read(request.GET, DUTY_COLUMNS, filters=offered, default_sort="since")
    rows = Duty.objects.visible_to(request.user).filter(done_on__isnull="done" not in state.chosen)
    if kind := state.chosen.get("kind"):
        rows = rows.filter(kind=kind)
    related = rows.select_related("student", "district", "enrollment__site")
    return _list(request, "duties", related, state, _duty_row)


def _duty_row(row: Duty) -> dict[str, object]:
    owed = row.done_on is None
    ends = BY_THEMSELVES.get(DutyKind(row.kind), "Say what was done")
    return {
        "student": child_cell(row.student, reverse("enrollment:duty", args=[row.enrollment_id, row.kind])),
        "what": Cell(row.get_kind_display().capitalize(), sub=str(row.enrollment.site)),
        "since": row.since,
        "how": ends if owed else Cell(f"Done {in_words(row.done_on)}", sub=row.done_how),
        "district": str(row.district),
    }


def duty(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One duty, and the form that ends it where the district says what it did."""
    rows = Duty.objects.visible_to(request.user).select_related(
        "student", "district", "enrollment__site", "enrollment__district"
    )
    found = rows.filter(enrollment=pk, kind=kind).order_by("done_on", "-pk").last()
    if found is None:
        raise Http404
    request.user.looked_at(found.student_id, "duty")
    form = FinishForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        check_may_exit(request.user, found.enrollment)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        if tried(form, lambda: actions.finish_duty(by=request.user, duty=found, **typed)):
            messages.success(request, f"Done: {found.get_kind_display()}.")
            return redirect("enrollment:duties")
    sentence = BY_THEMSELVES.get(DutyKind(found.kind)) or why_not_exit(request.user, found.enrollment)
    context = {"duty": found, "form": form, "why_not": sentence}
    return render(request, "enrollment/duty.html", context, status=400 if form.errors else 200)


@require_safe
def seats(request: HttpRequest) -> HttpResponse:
    held = Filter("held", "Seats", [("", "Held"), ("no", "Released")])
    rows = SeatHold.objects.filter(student__in=Student.objects.visible_to(request.user))
    schools = rows.order_by("site__name").values_list("site", "site__name").distinct()
    site = Filter("site", "School", [("", "Any school"), *((str(pk), name) for pk, name in schools)])
    state = ListState.read(request.GET, SEAT_COLUMNS, filters=(NAME, site, held), default_sort="site")
    rows = rows.exclude(released="") if "held" in state.chosen else rows.filter(released="")
    if chosen := state.chosen.get("site"):
        rows = rows.filter(site=chosen)
    related = rows.select_related("student", "district", "site")
    return _list(request, "seats", related, state, _seat_row)


def _seat_row(row: SeatHold) -> dict[str, object]:
    released = Status("quiet", row.get_released_display()) if row.released else Status("info", "held")
    return {
        "site": str(row.site),
        "student": child_cell(row.student, reverse("enrollment:seat", args=[row.enrollment_id])),
        "since": row.since,
        "state": Cell(status=released, sub=in_words(row.released_on) if row.released_on else ""),
        "district": str(row.district),
    }


def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """One seat, and the recorded decision not to return where the state allows it."""
    rows = SeatHold.objects.filter(student__in=Student.objects.visible_to(request.user))
    hold = rows.select_related("student", "district", "site", "enrollment__district").filter(enrollment=pk)
    hold = hold.first()
    if hold is None:
        raise Http404
    request.user.looked_at(hold.student_id, "seat held")
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        check_may_exit(request.user, hold.enrollment)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        if tried(form, lambda: actions.decide_not_to_return(by=request.user, hold=hold, **typed)):
            messages.success(request, f"The seat at {hold.site} is released.")
            return redirect("enrollment:seats")
    context = {
        "hold": hold,
        "form": form,
        "why_not": why_not_release(hold) or why_not_exit(request.user, hold.enrollment),
    }
    return render(request, "enrollment/seat.html", context, status=400 if form.errors else 200)


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The state's queue, and for a district what it asked."""
    states = [("", "Open"), ("closed", "Closed"), ("all", "All")]
    offered = (NAME, Filter("state", "Where it stands", states))
    state = ListState.read(request.GET, REQUEST_COLUMNS, filters=offered, default_sort="asked")
    rows = SupportRequest.objects.visible_to(request.user)
    which_ones = state.chosen.get("state", "")
    if which_ones != "all":
        rows = rows.filter(closed_at__isnull=which_ones != "closed")
    return _list(request, "requests", rows.select_related("student", "district"), state, _request_row)


def _request_row(row: SupportRequest) -> dict[str, object]:
    words = "" if row.sub_category else row.words[:120]
    return {
        "student": child_cell(row.student, reverse("enrollment:request", args=[row.pk])),
        "about": Cell(row.sub_category or row.issue_type, sub=words),
        "asked": row.opened_at,
        "state": Cell(status=STANDING[RequestState(row.state)]),
        "district": str(row.district),
    }


def _list(request: HttpRequest, name: str, rows: QuerySet, state: ListState, row_of) -> HttpResponse:
    """Every child on the page is noted; the number of queries is the same for any number of rows."""
    if typed := state.chosen.get("name"):
        rows = rows.filter(student__sort_name__startswith=Fold(Value(typed)))
    rows = rows.order_by(*state.order_by())
    page = take(rows, state)
    request.user.saw_among_others([row.student_id for row in page.rows], f"list of {name}")
    shown = Page(page.state, [row_of(row) for row in page.rows], page.count, page.has_next)
    return render(
        request,
        f"enrollment/{name}.html",
        {
            "page": shown,
            "state": state,
            "here": name,
            "decides": why_not_decide(request.user) is None,
            "ends_years": may_end_years(request.user),
            "exports": exports(request.user, SLUGS[name], state),
        },
    )
