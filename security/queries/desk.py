"""The desk of who decides about access: what waits, what is overdue, what the district has recorded."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from organizations.models import District
from security.access import requests as deciding
from security.holdings import holdings_of
from security.models import (
    AccessRequest,
    Designation,
    Review,
    SecurityPolicy,
    StaffIdConflict,
    Training,
    User,
)
from security.queries.recorded import (
    closed_days_of,
    days_open,
    policy_of,
    procedure_of,
    this_school_year,
    training_of,
)
from security.queries.standings import unsigned_by_district
from security.rules.requests import Move, RequestState, is_overdue
from security.rules.roles import Permission, Role, row_of
from ui.parts import Check, Status

MOVES = {RequestState.SUBMITTED: Move.APPROVE, RequestState.APPROVED: Move.GRANT}
BUTTON = {Move.APPROVE: "Approve", Move.GRANT: "Grant"}


@dataclass(frozen=True)
class Waiting:
    """A request with the move that is next, and why this person cannot make it."""

    request: AccessRequest
    days: int
    move: Move
    why_not: str

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.days)

    @property
    def button(self) -> str:
        return BUTTON[self.move]

    @property
    def role(self) -> str:
        return row_of(Role(self.request.role)).title

    @property
    def places(self) -> str:
        return places_in_words(self.request)

    @property
    def supervisor(self) -> Status:
        if self.request.approved_at:
            return Status("good", f"approved {timezone.localdate(self.request.approved_at):%b %-d}")
        return Status("warn", "not yet decided", "schedule")


def places_in_words(request: AccessRequest) -> str:
    names = [str(row.place) for row in request.places.all()]
    return names[0] if len(names) == 1 else f"{len(names)} places: {', '.join(names)}"


@dataclass(frozen=True)
class Desk:
    district: District
    waiting: list[Waiting]
    checks: list[Check] = field(default_factory=list)

    @property
    def mine(self) -> list[Waiting]:
        return [row for row in self.waiting if not row.why_not]

    @property
    def overdue(self) -> list[Waiting]:
        return [row for row in self.waiting if row.is_overdue]

    @property
    def in_words(self) -> str:
        oldest = max((row.days for row in self.waiting), default=0)
        return f"{len(self.waiting)}, oldest {oldest} business days" if self.waiting else ""


def districts_of(user: User) -> list[District]:
    """Where this person has a desk: as approver, coordinator or superintendent."""
    held = holdings_of(user).districts
    designates = held.get(Permission.DESIGNATE_COORDINATOR.value, frozenset())
    ids = deciding.districts_decided_by(user) | designates
    return list(District.objects.filter(pk__in=ids).select_related("state"))


def desk_of(user: User, district: District) -> Desk:
    return Desk(district, waiting_for(user, district), checks_of(district))


def waiting_for(user: User, district: District) -> list[Waiting]:
    """Open requests of the district, the longest waiting first."""
    if district.pk not in deciding.districts_decided_by(user):
        return []
    rows = AccessRequest.objects.open().filter(district=district).select_related("requester", "approved_by")
    closed = closed_days_of(district)
    blocked = deciding.why_not_open_for_approval(district)
    found = []
    for request in rows.prefetch_related("places__district", "places__site"):
        request.district = district
        move = MOVES[RequestState(request.state)]
        why_not = deciding.who_not(user, request, move) or blocked or ""
        found.append(Waiting(request, days_open(request, closed), move, why_not))
    return found


def checks_of(district: District) -> list[Check]:
    """Coordinator, policy, procedure and training of this school year, each with where it is recorded."""
    year, at = this_school_year(), f"/access/{district.pk}"
    policy, procedure = policy_of(district, year), procedure_of(district, year)
    training = training_of(district, year)
    return [
        _coordinators(district),
        _check("Security policy", policy and policy.adopted_on, year, f"{at}/policy/", "bad", "adopted"),
        _check(
            "Removal procedure",
            procedure and timezone.localdate(procedure.recorded_at),
            year,
            f"{at}/procedure/",
            "warn",
            "recorded",
        ),
        _check("Local training", training and training.held_on, year, f"{at}/training/", "warn", "held"),
    ]


def _check(what: str, day: date | None, year: str, url: str, missing: str, verb: str) -> Check:
    if day:
        return Check("good", f"{what} {year}", f"{verb} {day:%b} {day.day}, {day.year}", url)
    return Check(missing, f"{what} {year} is missing", "record it", url)


def _coordinators(district: District) -> Check:
    rows = Designation.objects.in_force().filter(district=district).select_related("user")
    names = sorted({str(row.user) for row in rows})
    if names:
        return Check("good", "Security coordinator", " and ".join(names), f"/access/{district.pk}/designate/")
    sub = "The superintendent designates one; until then no request is approved."
    return Check("bad", "No security coordinator is designated", sub, f"/access/{district.pk}/designate/")


@dataclass(frozen=True)
class DistrictLine:
    """One district, as the state sees it."""

    district: District
    waiting: int
    overdue: int
    coordinators: int
    has_policy: bool
    has_training: bool
    unsigned: int
    review_overdue: bool

    @property
    def lacks(self) -> frozenset[str]:
        """The keys of `LACKS` that are true of this district."""
        found = {
            "coordinator": not self.coordinators,
            "policy": not self.has_policy,
            "review": self.review_overdue,
            "requests": bool(self.overdue),
            "signatures": bool(self.unsigned),
        }
        return frozenset(what for what, is_so in found.items() if is_so)


LACKS = (
    ("coordinator", "Without a coordinator"),
    ("policy", "Without a policy"),
    ("review", "Review overdue"),
    ("requests", "Requests escalated"),
    ("signatures", "Not all have signed"),
)


def every_district(signatures: bool = True) -> list[DistrictLine]:
    """Every district with what it lacks, in a fixed number of queries.

    `signatures`: also who has not signed, for which every role in force is looked at.
    """
    year = this_school_year()
    rows = District.objects.annotate(
        policy=Exists(_recorded(SecurityPolicy, year)), training=Exists(_recorded(Training, year))
    )
    waiting = _count(AccessRequest.objects.open())
    late = _count(AccessRequest.objects.open().exclude(escalated_at=None))
    coordinators = _count(Designation.objects.in_force())
    unsigned = unsigned_by_district() if signatures else {}
    overdue = set(Review.objects.overdue(timezone.localdate()).values_list("district_id", flat=True))
    return [
        DistrictLine(
            row,
            waiting.get(row.pk, 0),
            late.get(row.pk, 0),
            coordinators.get(row.pk, 0),
            row.policy,
            row.training,
            unsigned.get(row.pk, 0),
            row.pk in overdue,
        )
        for row in rows
    ]


def _recorded(model, year: str):
    return model.objects.filter(district=OuterRef("pk"), school_year=year)


def _count(rows) -> dict[int, int]:
    counted = rows.order_by().values_list("district_id").annotate(n=Count("pk"))
    return dict(counted)


def conflicts_of(district_ids) -> list[StaffIdConflict]:
    return _with_both(StaffIdConflict.objects.of_districts(district_ids))


def conflicts_for_the_state() -> list[StaffIdConflict]:
    """Neither person has a district."""
    return _with_both(StaffIdConflict.objects.of_no_district())


def _with_both(rows) -> list[StaffIdConflict]:
    return list(rows.open().select_related("claimant__district", "holder__district"))
