"""The calendars of my districts: school years, and the days on which nobody works."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from caseload.access import calendars_kept, check_keeps_calendars, districts_of
from caseload.actions import calendars as verbs
from caseload.forms import CalendarForm, ClosedDayForm, OpenedDayForm, TermForm
from organizations.models import Calendar
from security.models import User
from security.refusals import RuleBroken
from security.views.tried import tried
from ui.dates import in_words
from ui.lists import Column, ListState, Page
from ui.lists import Count as Counted
from ui.parts import Cell

COLUMNS = (
    Column("calendar", "Calendar"), Column("first", "First school day"), Column("last", "Last school day"),
    Column("closed", "Closed days"),
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def calendars(request: HttpRequest) -> HttpResponse:
    check_keeps_calendars(request.user)
    form = CalendarForm(districts_of(request.user), request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent and (begun := tried(form, lambda: _begin(request.user, form))):
        messages.success(request, "The calendar is begun. Next: enter the days without school.")
        return redirect("caseload:calendar", begun.pk)
    found = calendars_kept(request.user).annotate(n=Count("closed"))
    rows = [_row(row) for row in found.order_by("district__name", "-school_year__first_day", "name")]
    page = Page(ListState.read({}, COLUMNS), rows, Counted(len(rows)), has_next=False)
    context = {"page": page, "form": form}
    return render(request, "caseload/calendars.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """One year of a district; a day that is closed tells how many due days it moves."""
    this = get_object_or_404(calendars_kept(request.user), pk=pk)
    form = ClosedDayForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent and (said := tried(form, lambda: _close(request.user, this, form))):
        messages.success(request, said)
        return redirect("caseload:calendar", pk)
    return _show(request, this, form, TermForm(initial=_term(this)))


@require_POST
def term(request: HttpRequest, pk: int) -> HttpResponse:
    this = get_object_or_404(calendars_kept(request.user), pk=pk)
    form = TermForm(request.POST)
    if form.is_valid() and tried(form, lambda: _change(request.user, this, form)):
        messages.success(request, "The school year is changed, and school days are counted anew.")
        return redirect("caseload:calendar", pk)
    return _show(request, this, ClosedDayForm(), form)


@require_POST
def opened(request: HttpRequest, pk: int) -> HttpResponse:
    this, form = get_object_or_404(calendars_kept(request.user), pk=pk), OpenedDayForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["day"]
        try:
            moved = verbs.open_day(by=request.user, calendar=this, day=day)
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{in_words(day)} is open again. {moved_words(moved)}")
    return redirect("caseload:calendar", pk)


def moved_words(moved: int) -> str:
    if not moved:
        return "No due day moves."
    return f"{moved:,} due day{'s move' if moved > 1 else ' moves'}; the earlier days stay in the history."


def _show(request: HttpRequest, this: Calendar, form: ClosedDayForm, term_form: TermForm) -> HttpResponse:
    rows = list(this.closed.all())
    moved = verbs.moved_by_each(this, [row.day for row in rows])
    closed = [(row, moved[row.day]) for row in rows]
    context = {"calendar": this, "form": form, "term_form": term_form, "closed": closed}
    failed = form.errors or term_form.errors
    return render(request, "caseload/calendar.html", context, status=400 if failed else 200)


def _row(row: Calendar) -> dict[str, object]:
    name = f"{row.school_year} {row.name}"
    return {
        "calendar": Cell(name, url=reverse("caseload:calendar", args=[row.pk]), sub=str(row.district)),
        "first": row.first_school_day,
        "last": row.last_school_day,
        "closed": row.n,
    }


def _term(this: Calendar) -> dict[str, object]:
    return {"first": this.first_school_day, "last": this.last_school_day}


def _begin(user: User, form: CalendarForm) -> Calendar:
    typed = form.cleaned_data
    return verbs.begin_calendar(
        by=user, district=typed["district"], year=typed["year"], summer=typed["summer"],
        term=verbs.Term(typed["first"], typed["last"]),
    )  # fmt: skip


def _close(user: User, this: Calendar, form: ClosedDayForm) -> str:
    typed = form.cleaned_data
    moved = verbs.close_day(by=user, calendar=this, day=typed["day"], reason=typed["reason"])
    return f"{in_words(typed['day'])} is closed. {moved_words(moved)}"


def _change(user: User, this: Calendar, form: TermForm) -> Calendar:
    typed = form.cleaned_data
    return verbs.change_term(by=user, calendar=this, term=verbs.Term(typed["first"], typed["last"]))
