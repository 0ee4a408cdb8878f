"""Who sees a saved report, and with whom it may be shared."""

from typing import Any

from django.db.models import Q, QuerySet

from organizations.models import District, Site
from reports.models import SavedReport
from security.refusals import NotAllowed


def seen_by(user: Any) -> QuerySet[SavedReport]:
    """The own ones, and those shared in a district that this person sees children of."""
    mine = Q(owner=user)
    if user.scope().everything:
        return SavedReport.objects.filter(mine | Q(district__isnull=False))
    return SavedReport.objects.filter(mine | Q(district__in=districts_of(user)))


def districts_of(user: Any) -> QuerySet[District]:
    """Where this person belongs, by a role for the district or for a school of it."""
    scope = user.scope()
    of_sites = Site.objects.filter(pk__in=scope.site_ids).values("district")
    return District.objects.filter(Q(pk__in=scope.district_ids) | Q(pk__in=of_sites))


def why_not_change(user: Any, report: SavedReport) -> str | None:
    if report.is_of(user):
        return None
    return f"Only {report.owner}, who saved this report, can change it. Save it under a name of your own."


def check_may_change(user: Any, report: SavedReport) -> None:
    if sentence := why_not_change(user, report):
        raise NotAllowed(sentence)
