"""A month of due days, to look at and to print."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caseload.models import Deadline
from caseload.views.deadlines import ME, list_url, open_in
from caseload.views.place import reach_of
from organizations.rules.calendar import add_months
from ui.dates import FIRST_YEAR, LAST_YEAR, MONTH_NAMES, WEEKDAYS

SUNDAY = 6
MOST = 400  # due days of a month on one page; the list has them all


@dataclass(frozen=True)
class Day:
    day: date
    in_month: bool
    rows: list[Deadline]


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """`?month=2026-11` and `?who=all`, for all within reach and not only what is with the reader."""
    reach, today = reach_of(request), timezone.localdate()
    first, whole = _month(request.GET.get("month", ""), today), request.GET.get("who") == "all"
    rows = open_in(reach).filter(due_on__gte=first, due_on__lt=add_months(first, 1))
    rows = rows if whole else rows.filter(responsible=request.user)
    shown = list(
        rows.select_related("student", "responsible").order_by("due_on", "student__sort_name")[:MOST]
    )
    request.user.saw_among_others({row.student_id for row in shown}, "calendar of deadlines")
    context = {
        "title": f"{MONTH_NAMES[first.month - 1]} {first.year}", "today": today, "whole": whole,
        "weeks": weeks(first, shown), "weekdays": (WEEKDAYS[SUNDAY], *WEEKDAYS[:SUNDAY]),
        "n": len(shown), "district": reach.district, "waiting": reach.waiting,
        "cut": len(shown) == MOST, "list_url": list_url(**({} if whole else {"who": ME})),
        "before": _url(add_months(first, -1), whole), "after": _url(add_months(first, 1), whole),
        "chips": [("With me", _url(first, False), not whole), ("Everybody's", _url(first, True), whole)],
    }  # fmt: skip
    return render(request, "caseload/month.html", context)


def weeks(first: date, rows: Iterable[Deadline]) -> list[list[Day]]:
    """Sunday to Saturday; the days of the months before and after are there, and empty."""
    of: dict[date, list[Deadline]] = defaultdict(list)
    for row in rows:
        if row.due_on:
            of[row.due_on].append(row)
    days = Calendar(SUNDAY).monthdatescalendar(first.year, first.month)
    return [[Day(day, day.month == first.month, of.get(day, [])) for day in week] for week in days]


def _month(text: str, today: date) -> date:
    """ "2026-11"; this month for anything else."""
    year, _, number = text.partition("-")
    if not (text.isascii() and year.isdigit() and number.isdigit() and len(text) <= 7):
        return today.replace(day=1)
    fits = FIRST_YEAR < int(year) < LAST_YEAR and 1 <= int(number) <= 12
    return date(int(year), int(number), 1) if fits else today.replace(day=1)


def _url(first: date, whole: bool) -> str:
    return f"?month={first:%Y-%m}{'&who=all' if whole else ''}"
