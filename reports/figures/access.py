"""Whose figures a person may see, and whether small numbers are withheld from them."""

from dataclasses import dataclass

from django.http import Http404

from organizations.models import District, State
from security.access import who_can
from security.models import User
from security.refusals import NotAllowed
from security.rules.roles import Permission

WHOLE_STATE = "state-"
AGGREGATES = (Permission.DESIGNATE_COORDINATOR,)  # the superintendent, who sees no child


@dataclass(frozen=True)
class Whose:
    """A district, or the whole state. `small_numbers`: this person may see the children themselves."""

    state: State
    district: District | None
    small_numbers: bool

    @property
    def value(self) -> str:
        return str(self.district.pk) if self.district else f"{WHOLE_STATE}{self.state.pk}"

    @property
    def name(self) -> str:
        return self.district.name if self.district else f"The whole of {self.state.name}"


def places_of(user: User) -> list[Whose]:
    """States first. A role at one school shows no district's figures. Raises NotAllowed without any."""
    offered = [*_states(user), *_districts(user)]
    if not offered:
        who = who_can(Permission.VIEW_STUDENTS)
        raise NotAllowed(f"Only the superintendent and {who} of a whole district see its figures.")
    return offered


def chosen(offered: list[Whose], asked: str) -> Whose:
    """Raises 404 for a place that is not on offer."""
    if not asked:
        return offered[0]
    found = next((place for place in offered if place.value == asked), None)
    if found is None:
        raise Http404
    return found


def _states(user: User) -> list[Whose]:
    if not user.holds_statewide(Permission.VIEW_STUDENTS):
        return []
    return [Whose(state, None, True) for state in State.objects.order_by("name")]


def _districts(user: User) -> list[Whose]:
    full = user.districts_with(Permission.VIEW_STUDENTS)
    some = {pk for permission in AGGREGATES for pk in user.districts_with(permission)}
    rows = District.objects.select_related("state").order_by("name")
    if not user.holds_statewide(Permission.VIEW_STUDENTS):
        rows = rows.filter(pk__in={*full, *some})
        return [Whose(row.state, row, row.pk in full) for row in rows]
    return [Whose(row.state, row, True) for row in rows]
