"""The calendars of districts, as the rules count by them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from organizations.models import Calendar, ClosedDay
from organizations.rules.days import PlaceCalendar, Term


def calendars_of(district_ids: Iterable[int | None]) -> dict[int, PlaceCalendar]:
    """The calendar of each district that has one; summer school does not count. Two queries."""
    calendars = Calendar.objects.filter(
        district_id__in=[pk for pk in district_ids if pk], site=None, summer_school=False
    )
    closed: dict[int, dict[date, str]] = defaultdict(dict)
    days = ClosedDay.objects.filter(calendar__in=calendars).order_by()
    for calendar_id, day, reason in days.values_list("calendar_id", "day", "reason"):
        closed[calendar_id][day] = reason
    terms: dict[tuple[int, str], list[Term]] = defaultdict(list)
    for row in calendars.select_related("district"):
        term = Term(row.first_school_day, row.last_school_day, closed[row.pk])
        terms[row.district_id, row.district.name].append(term)
    return {pk: PlaceCalendar(name, tuple(own)) for (pk, name), own in terms.items()}
