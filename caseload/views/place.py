"""Whose deadlines a page of the caseload is about: those of one district within the reader's reach."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from caseload.actions.dirty import count_children
from enrollment.views.place import chosen_district
from organizations.models import District, Site, SiteAffiliation
from security.scope import Scope

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reach:
    """`waiting`: how many children are still to be counted anew, in the background."""

    district: District
    districts: Choices
    scope: Scope
    waiting: int = 0

    def sites(self) -> Choices:
        """The district's own schools and those that it oversees, as far as the reader sees them."""
        return tuple((str(pk), name) for pk, name in _sites(self).values_list("pk", "name"))


def reach_of(request: HttpRequest) -> Reach:
    """`?district=`, or the reader's first; what is out of date there is counted anew.

    Raises NotAllowed or 404.
    """
    district, offered, reach = chosen_district(request)
    if reach.everything or district.pk in reach.district_ids:
        reach = Scope(district_ids=(district.pk,), rolled_up=reach.everything or reach.rolled_up)
    choices = tuple((str(row.pk), row.name) for row in offered)
    return Reach(district, choices, reach, waiting=count_children(reach))


def within(reach: Reach) -> Q:
    """A reader of schools sees those alone; of a district, what it answers for."""
    return Q(district=reach.district) if reach.scope.district_ids else Q()


def _sites(reach: Reach) -> QuerySet[Site]:
    overseen = SiteAffiliation.objects.on(timezone.localdate()).filter(district=reach.district).values("site")
    rows = Site.objects.filter(Q(district=reach.district) | Q(pk__in=overseen)).order_by("name")
    return rows if reach.scope.district_ids else rows.filter(pk__in=reach.scope.site_ids)
