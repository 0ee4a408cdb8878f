"""What the cut-over would do: which direct roles end, which are kept and why, and who gains what.

The dry run: it reads and changes nothing. The verb is `students.actions.cut_over`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, QuerySet

from organizations.models import District, Site, SiteAffiliation, SiteKind, State
from organizations.rules.profiles import Profile, state_profile
from security import scope
from security.holdings import given_by
from security.models import Assignment, User
from security.rules.roles import Permission, Role, row_of
from security.rules.roll_up import DirectGrant, Outcome, outcome_of, permissions_at
from students.models import StudentAccess


@dataclass(frozen=True)
class Line:
    """A direct role at an affiliated site, and what becomes of it. `not_reached` counts children."""

    assignment: Assignment
    overseer: District
    outcome: Outcome
    lacks: frozenset[str]
    not_reached: int

    @property
    def why(self) -> str:
        if self.outcome == Outcome.REVOKE:
            return f"Reaches the same children through {self.overseer}."
        if self.outcome == Outcome.NATIVE:
            return f"Holds no role at {self.overseer}: staff of the site itself."
        if self.outcome == Outcome.LESS:
            missing = ", ".join(sorted(name.replace("_", " ") for name in self.lacks))
            return f"The role at {self.overseer} does not give: {missing}."
        n = self.not_reached
        return f"Another district answers for {n} {'child' if n == 1 else 'children'} there."

    @property
    def role(self) -> str:
        return row_of(Role(self.assignment.role)).short


@dataclass(frozen=True)
class Gain:
    """What a district's own roles reach from the cut-over on: children at nonpublic and other sites."""

    district: District
    sites: int
    children: int
    people: int


@dataclass(frozen=True)
class Plan:
    state: State
    at: datetime
    lines: tuple[Line, ...]
    gains: tuple[Gain, ...]

    def of(self, outcome: Outcome) -> list[Line]:
        return [line for line in self.lines if line.outcome == outcome]

    @cached_property
    def ending(self) -> list[Line]:
        return self.of(Outcome.REVOKE)

    @cached_property
    def kept(self) -> list[Line]:
        return [line for line in self.lines if line.outcome != Outcome.REVOKE]

    @property
    def key(self) -> str:
        """Names exactly the roles that end, so that what was looked at is what is run."""
        return "-".join(str(line.assignment.pk) for line in self.ending)


def cut_over_of(state: State) -> datetime | None:
    return state_profile(Profile(state.profile)).roll_up


def plan_of(state: State, at: datetime, district_ids: Iterable[int] | None = None) -> Plan:
    """As of the instant; a look before the cut-over sees it as it will be then.

    `district_ids` keeps to the part of these districts.
    """
    at = max(at, cut_over_of(state) or at)
    affiliations = _affiliations(state, at)
    if district_ids is not None:
        affiliations = affiliations.filter(district__in=list(district_ids))
    overseers = {row.site_id: row.district for row in affiliations.select_related("district")}
    direct = Assignment.objects.in_force(at).filter(site__in=overseers)
    with scope.elevated():
        lines = lines_of(direct, overseers, at)
        gains = _gains({row.pk: row for row in overseers.values()}, at)
    return Plan(state, at, tuple(lines), tuple(gains))


def overseer_of(site: Site, at: datetime) -> District | None:
    row = _affiliations(site.state, at).filter(site=site).select_related("district").first()
    return row.district if row else None


def _affiliations(state: State, at: datetime) -> QuerySet[SiteAffiliation]:
    """Who oversees which nonpublic or early childhood site on the day of the instant, in the state's zone."""
    day = at.astimezone(state_profile(Profile(state.profile)).zone).date()
    return SiteAffiliation.objects.on(day).filter(site__state=state).exclude(site__kind=SiteKind.PUBLIC)


def lines_of(direct: QuerySet[Assignment], overseers: dict[int, District], at: datetime) -> list[Line]:
    """One line for each direct role; counts children, so it needs the scope of the system."""
    rows = list(direct.select_related("user", "site").order_by("site__name", "user__last_name", "pk"))
    roles = _district_roles({row.user_id for row in rows}, at)
    children = _children_at({row.site_id for row in rows})
    return [_line(row, overseers[row.site_id], roles[row.user_id], children[row.site_id]) for row in rows]


Roles = list[tuple[int | None, frozenset[Permission]]]


def _line(row: Assignment, overseer: District, roles: Roles, children: dict[int, int]) -> Line:
    gives, there = given_by(row), permissions_at(overseer.pk, roles)
    reached = {district for district in children if gives <= (permissions_at(district, roles) or set())}
    not_reached = sum(n for district, n in children.items() if district not in reached)
    outcome = outcome_of(DirectGrant(gives, there, not_reached))
    return Line(row, overseer, outcome, gives - (there or frozenset()), not_reached)


def _district_roles(user_ids: Iterable[int], at: datetime) -> dict[int, Roles]:
    found: dict[int, Roles] = defaultdict(list)
    for row in Assignment.objects.in_force(at).filter(user__in=user_ids, district__isnull=False):
        found[row.user_id].append((row.district_id, given_by(row)))
    return found


def _children_at(site_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """How many children each district answers for at each site today."""
    rows = StudentAccess.objects.current().filter(site__in=site_ids)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for site, district, n in rows.values_list("site", "district").annotate(n=Count("pk")):
        found[site][district] = n
    return found


def _gains(districts: dict[int, District], at: datetime) -> list[Gain]:
    children = StudentAccess.objects.current().filter(rolls_up=True, district__in=districts)
    counted = children.values_list("district").annotate(Count("site", distinct=True), Count("pk"))
    people = _district_people(districts, at)
    rows = [Gain(districts[pk], sites, n, people.get(pk, 0)) for pk, sites, n in counted]
    return sorted(rows, key=lambda gain: gain.district.name)


def _district_people(districts: Iterable[int], at: datetime) -> dict[int, int]:
    """How many active people hold a role at each district that shows students."""
    rows = Assignment.objects.in_force(at).filter(district__in=districts, user__is_active=True)
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if Permission.VIEW_STUDENTS in given_by(row):
            found[row.district_id].add(row.user_id)
    return {district: len(people) for district, people in found.items()}


def children_of(user: User, permission: Permission, at: datetime) -> QuerySet[StudentAccess]:
    """The rows of the access table that this person reaches with the permission, read afresh."""
    fresh = User.objects.get(pk=user.pk)
    return StudentAccess.objects.in_scope(scope.scope_of(fresh, permission, at))
