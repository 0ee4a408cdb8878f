"""Which district and school year a page about codes or feeds is about."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from enrollment.access import districts_to_feed
from organizations.models import District, SchoolYear
from security.access import who_can
from security.models import User
from security.refusals import NotAllowed
from security.rules.roles import Permission
from ui.lists import Filter


@dataclass(frozen=True)
class DistrictYear:
    """The chosen district and year, and what else there is to choose."""

    district: District
    year: SchoolYear
    districts: list[District]
    years: list[SchoolYear]

    @property
    def query(self) -> str:
        return urlencode({"district": self.district.pk, "year": self.year.pk})

    @property
    def filters(self) -> tuple[Filter, ...]:
        several = [(str(row.pk), row.name) for row in self.districts]
        return (
            *([Filter("district", "District", several)] if len(several) > 1 else []),
            Filter("year", "School year", [(str(row.pk), row.name) for row in self._own_year_first]),
        )

    @property
    def _own_year_first(self) -> list[SchoolYear]:
        """What is shown where nothing was chosen."""
        return sorted(self.years, key=lambda row: row != self.year)


def chosen_district_year(
    request: HttpRequest, offered: Callable[[User], QuerySet[District]] = districts_to_feed
) -> DistrictYear:
    """`?district=` and `?year=`, or the first and this year's; among the districts `offered` to the user.

    Raises NotAllowed for whoever keeps no district's feed and before a year is set up, 404 for another's.
    """
    mine = list(offered(request.user))
    if not mine:
        who = who_can(Permission.ENTER_EXIT)
        raise NotAllowed(f"Only {who} of a whole district can see its codes and feeds.")
    asked = _asked(request, "district")
    district = next((row for row in mine if str(row.pk) == asked), None if asked else mine[0])
    if district is None:
        raise Http404
    years = list(SchoolYear.objects.filter(state=district.state))
    return DistrictYear(district, _year(years, _asked(request, "year")), mine, years)


def _asked(request: HttpRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name, "")


def _year(years: list[SchoolYear], asked: str) -> SchoolYear:
    today = timezone.localdate()
    if not years:
        raise NotAllowed("No school year of this state is set up yet: the state sets up its years first.")
    chosen = next((row for row in years if str(row.pk) == asked), None)
    current = next((row for row in years if row.first_day <= today <= row.last_day), None)
    return chosen or current or years[-1]
