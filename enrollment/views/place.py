"""Which district (and school), day and year a page is about: always among the reader's own."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from organizations.models import District, Site
from organizations.rules.calendar import SchoolYearDates, school_year_of
from security.access import who_can
from security.refusals import NotAllowed
from security.rules.roles import Permission
from security.scope import Scope, scope_of
from ui.dates import DateNotUnderstood, read_day

YEARS_BACK = 6


@dataclass(frozen=True)
class Place:
    """`site` is set when the reader chose one, or sees nothing but one school of the district."""

    district: District
    site: Site | None
    districts: tuple[tuple[str, str], ...]
    sites: tuple[tuple[str, str], ...]


def chosen_district(request: HttpRequest) -> tuple[District, list[District], Scope]:
    """`?district=`, or the reader's first; all on offer; the reader's reach. Raises NotAllowed or 404."""
    reach = scope_of(request.user, Permission.VIEW_STUDENTS)
    if reach.is_empty:
        raise NotAllowed(f"Only {who_can(Permission.VIEW_STUDENTS)} can see rosters.")
    offered = list(districts_in(reach))
    return _among(offered, request.GET.get("district", "")), offered, reach


def chosen_place(request: HttpRequest) -> Place:
    """`?district=` and `?site=`, or the reader's first. Raises NotAllowed or 404."""
    district, offered, reach = chosen_district(request)
    whole = reach.everything or district.pk in reach.district_ids
    seen = list(_sites_in(reach, district, whole))
    asked = request.GET.get("site", "")
    site = next((row for row in seen if str(row.pk) == asked), None if whole else seen[0] if seen else None)
    return Place(
        district, site,
        tuple((str(row.pk), row.name) for row in offered),
        (*([("", "Every school")] if whole else []), *((str(row.pk), row.name) for row in seen)),
    )  # fmt: skip


def districts_in(reach: Scope) -> QuerySet[District]:
    """Its own, and those that answer for a school of its own or oversee it."""
    rows = District.objects.select_related("state").order_by("name")
    if reach.everything:
        return rows
    if not reach.site_ids:
        return rows.filter(pk__in=reach.district_ids)
    here = Q(sites__in=reach.site_ids) | Q(affiliations__site__in=reach.site_ids)
    return rows.filter(Q(pk__in=reach.district_ids) | here).distinct()


def _sites_in(reach: Scope, district: District, whole: bool) -> QuerySet[Site]:
    """The district's own schools, and those at which it has children enrolled."""
    rows = Site.objects.filter(Q(enrollments__district=district) | Q(district=district))
    seen = rows if whole else rows.filter(pk__in=reach.site_ids)
    return seen.distinct().order_by("name")


def _among(offered: list[District], asked: str) -> District:
    found = next((row for row in offered if str(row.pk) == asked), None)
    if found or not offered:
        return _or_404(found)
    if asked.isdecimal():
        raise Http404
    return offered[0]


def _or_404(district: District | None) -> District:
    if district is None:
        raise NotAllowed("No district is in your reach.")
    return district


def chosen_day(request: HttpRequest, name: str) -> tuple[date, str]:
    """The day that was typed, or today and the sentence that says what was not understood."""
    today, typed = timezone.localdate(), request.GET.get(name, "").replace("\x00", "").strip()
    try:
        return (read_day(typed, today) if typed else today), ""
    except DateNotUnderstood as why:
        return today, str(why)


def known_at(request: HttpRequest, name: str) -> tuple[datetime, str]:
    """The end of the day that was typed, so that all recorded on it counts; now, when none was."""
    day, misread = chosen_day(request, name)
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    return min(end, timezone.now()), misread


def chosen_year(request: HttpRequest, ahead: int = 0) -> SchoolYearDates:
    """`?year=2026-27`, or the current one."""
    years = {year.label: year for year in recent_years(ahead)}
    return years.get(request.GET.get("year", ""), recent_years()[0])


def recent_years(ahead: int = 0) -> list[SchoolYearDates]:
    """This one first, then those to come, so many as `ahead` says, then those before it."""
    this = school_year_of(timezone.localdate()).first_day.year
    years = (this, *range(this + 1, this + 1 + ahead), *range(this - 1, this - YEARS_BACK, -1))
    return [school_year_of(date(year, 7, 1)) for year in years]
