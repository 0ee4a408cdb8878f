"""Whose deadlines a page of the caseload is about: those of one district within the reader's reach."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest

from caseload.actions.dirty import count_children
from enrollment.views.place import Place, chosen_place
from security.rules.roles import Permission
from security.scope import Scope, scope_of


@dataclass(frozen=True)
class Reach:
    """`waiting`: how many children are still to be counted anew, in the background."""

    place: Place
    scope: Scope
    waiting: int = 0


def reach_of(request: HttpRequest) -> Reach:
    """`?district=`, or the reader's first; what is out of date there is counted anew.

    Raises NotAllowed or 404.
    """
    place, reach = chosen_place(request), scope_of(request.user, Permission.VIEW_STUDENTS)
    district = place.district
    if reach.everything or district.pk in reach.district_ids:
        reach = Scope(district_ids=(district.pk,), rolled_up=reach.everything or reach.rolled_up)
    return Reach(place, reach, waiting=count_children(reach))


def within(reach: Reach) -> Q:
    """A reader of schools sees those alone; of a district, what it answers for."""
    return Q(district=reach.place.district) if reach.scope.district_ids else Q()
