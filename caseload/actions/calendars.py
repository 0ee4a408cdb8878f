"""A district's calendar, and how many due days a change of it moves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Q

from caseload.access import check_may_change
from caseload.models import Deadline
from caseload.rules.counted import rules_by_calendar
from journal.actions import record
from organizations.models import Calendar, ClosedDay, District, SchoolYear
from organizations.rules.calendar import in_words
from organizations.rules.terms import why_not_close, why_not_term
from security import scope
from security.models import User
from security.refusals import RuleBroken

REGULAR = "Regular"
KIND = "CALENDAR_CHANGED"


@dataclass(frozen=True)
class Term:
    """The first and the last school day."""

    first: date
    last: date


@transaction.atomic
def close_day(*, by: User, calendar: Calendar, day: date, reason: str) -> int:
    """Returns how many open due days move; they are counted anew. Raises NotAllowed, RuleBroken."""
    calendar = _hold(by, calendar)
    if sentence := why_not_close(
        day, calendar.first_school_day, calendar.last_school_day, calendar.closed_days()
    ):
        raise RuleBroken(sentence, "day")
    if not reason.strip():
        raise RuleBroken("Say why it is closed: every due day that it moves shows the reason.", "reason")
    moved = moved_by(calendar, day)
    ClosedDay.objects.create(calendar=calendar, day=day, reason=reason.strip())
    _tell(f"Closed {in_words(day)}, {reason.strip()}", by, calendar, moved=moved)
    return moved


@transaction.atomic
def open_day(*, by: User, calendar: Calendar, day: date) -> int:
    """Returns how many open due days move. Raises NotAllowed, RuleBroken."""
    calendar = _hold(by, calendar)
    if not calendar.closed.filter(day=day).exists():
        raise RuleBroken(f"{in_words(day)} is open already.")
    moved = moved_by(calendar, day)
    calendar.closed.filter(day=day).delete()
    _tell(f"Opened {in_words(day)}", by, calendar, moved=moved)
    return moved


@transaction.atomic
def change_term(*, by: User, calendar: Calendar, term: Term) -> Calendar:
    """Raises NotAllowed, RuleBroken."""
    calendar = _hold(by, calendar)
    _check(term, calendar.school_year, calendar.closed_days())
    calendar.first_school_day, calendar.last_school_day = term.first, term.last
    calendar.save(update_fields=["first_school_day", "last_school_day"])
    _tell(f"School from {in_words(term.first)} to {in_words(term.last)}", by, calendar)
    return calendar


@transaction.atomic
def begin_calendar(*, by: User, district: District, year: SchoolYear, term: Term, summer: bool) -> Calendar:
    """Of a year that has none of its kind. Raises NotAllowed, RuleBroken."""
    check_may_change(by, district)
    District.objects.select_for_update(no_key=True).get(pk=district.pk)
    _check(term, year)
    name = "Summer school" if summer else REGULAR
    if Calendar.objects.filter(district=district, site=None, school_year=year, summer_school=summer).exists():
        raise RuleBroken(f"{district} has this calendar of {year} already.", "year")
    calendar = Calendar.objects.create(
        district=district, school_year=year, name=name, summer_school=summer,
        first_school_day=term.first, last_school_day=term.last,
    )  # fmt: skip
    _tell(f"{name} calendar begun", by, calendar)
    return calendar


def moved_by(calendar: Calendar, day: date) -> int:
    return moved_by_each(calendar, [day])[day]


def moved_by_each(calendar: Calendar, days: Sequence[date]) -> dict[date, int]:
    """The open due days of the district that are counted over each day and are not extended."""
    if calendar.summer_school or calendar.site_id or not days:
        return dict.fromkeys(days, 0)
    behind = {
        f"n{n}": Count("pk", filter=Q(starts_on__lt=day, counted_to__gte=day)) for n, day in enumerate(days)
    }
    rows = Deadline.objects.open().filter(district_id=calendar.district_id, extended=False)
    with scope.elevated():
        found = rows.filter(rule__in=rules_by_calendar()).aggregate(**behind)
    return dict(zip(days, found.values(), strict=True))


def _hold(by: User, calendar: Calendar) -> Calendar:
    check_may_change(by, calendar.district)
    return (
        Calendar.objects.select_related("district", "school_year")
        .select_for_update(of=("self",))
        .get(pk=calendar.pk)
    )


def _check(term: Term, year: SchoolYear, closed: Collection[date] = ()) -> None:
    if sentence := why_not_term(term.first, term.last, year.first_day, year.last_day, closed):
        raise RuleBroken(sentence, "last")


def _tell(words: str, by: User, calendar: Calendar, **details: object) -> None:
    record(
        KIND, f"{words}; {calendar.name} {calendar.school_year}", by=by, district_id=calendar.district_id,
        calendar=calendar.pk, **details,
    )  # fmt: skip
