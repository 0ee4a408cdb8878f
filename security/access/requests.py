"""May this person decide this request? One sentence for the page, the API and the verb."""

from django.db.models import Q
from django.utils import timezone

from organizations.models import District, Site
from security.access import who_can
from security.holdings import holdings_of
from security.models import AccessRequest, Departure, User, access_settings_of
from security.queries.people import coordinators_of
from security.queries.reach import overseer, why_not_the_site
from security.queries.recorded import has_designated_coordinator, policy_of, this_school_year
from security.refusals import NotAllowed, RuleBroken
from security.rules.requests import Move, MoveRow, RequestState, move_from
from security.rules.roles import Permission

OWN = "You cannot decide your own request."
SUPERVISOR_FIRST = (
    "The special education supervisor approves first. Then a security coordinator can grant it."
)
SAID = {
    RequestState.SUBMITTED: "It waits for the special education supervisor.",
    RequestState.APPROVED: "It is approved already, and waits for a security coordinator.",
    RequestState.GRANTED: "It is granted already.",
    RequestState.DENIED: "It is denied already.",
    RequestState.WITHDRAWN: "The requester has withdrawn it.",
}


def holds_at(user: User, permission: Permission, district: District | int) -> bool:
    """At the district itself: the state's people do not decide for a district."""
    pk = district if isinstance(district, int) else district.pk
    return pk in holdings_of(user).districts.get(permission.value, ())


def districts_decided_by(user: User) -> frozenset[int]:
    """Where this person approves or grants, by id."""
    held = holdings_of(user).districts
    decide = (Permission.APPROVE_REQUESTS, Permission.GRANT_ACCESS)
    return frozenset().union(*(held.get(permission.value, frozenset()) for permission in decide))


def looks_after_the_state(user: User) -> bool:
    return Permission.GRANT_ACCESS.value in holdings_of(user).statewide


def requests_seen_by(user: User):
    """The own ones, and those of the districts where this person decides. Others are not there (SEC-18)."""
    if looks_after_the_state(user):
        return AccessRequest.objects.all()
    return AccessRequest.objects.filter(Q(requester=user) | Q(district_id__in=districts_decided_by(user)))


def why_not_open_for_approval(district: District) -> str | None:
    """What the district lacks before any request of it can be approved (SEC-01, SEC-19)."""
    if not has_designated_coordinator(district):
        return (
            f"{district} has no security coordinator designated by its superintendent,"
            " so no request can be approved."
        )
    year = this_school_year()
    if access_settings_of(district).policy_required and not policy_of(district, year):
        return f"{district} has recorded no security policy for {year}, so no request can be approved."
    return None


def who_not(user: User, request: AccessRequest, move: Move) -> str | None:
    """Whether this is the person for the move, whatever the district lacks."""
    row = move_from(RequestState(request.state), move)
    if move == Move.WITHDRAW:
        return None if request.requester_id == user.pk else "Only the requester can withdraw a request."
    if request.requester_id == user.pk:
        return OWN
    if row is None or row.who is None:
        return None
    if not holds_at(user, row.who, request.district_id):
        return f"Only {_who_at_district(row.who)} of {request.district} can decide this now."
    if move == Move.GRANT and request.approved_by_id == user.pk:
        return _second_person(user, request)
    return None


def why_not_now(request: AccessRequest, move: Move) -> str | None:
    """Whether the request can go this way now, whoever asks."""
    state = RequestState(request.state)
    if move_from(state, move) is None:
        first = move == Move.GRANT and state == RequestState.SUBMITTED
        return SUPERVISOR_FIRST if first else SAID[state]
    if move in (Move.APPROVE, Move.GRANT):
        return (
            why_not_open_for_approval(request.district)
            or _why_not_this_person(request.requester)
            or _why_not_after_leaving(request)
            or _why_not_these_places(request)
        )
    return None


def why_not(user: User, request: AccessRequest, move: Move) -> str | None:
    return who_not(user, request, move) or why_not_now(request, move)


def check(user: User, request: AccessRequest, move: Move) -> MoveRow:
    """The row of the move. Raises NotAllowed for the wrong person, RuleBroken for the wrong moment."""
    if sentence := who_not(user, request, move):
        raise NotAllowed(sentence)
    if sentence := why_not_now(request, move):
        raise RuleBroken(sentence)
    found = move_from(RequestState(request.state), move)
    assert found is not None  # noqa: S101 - why_not_now has looked
    return found


def _why_not_this_person(requester: User) -> str | None:
    """Since the request was submitted the staff ID may have gone to another, or the account been closed."""
    if not requester.is_active:
        return f"The account of {requester} is closed. It is opened again before anything is given to it."
    if not requester.staff_id:
        return f"{requester} has no linked staff ID any more. It is linked before anything is given."
    return None


def _why_not_after_leaving(request: AccessRequest) -> str | None:
    """What was asked before the employment ended gives nothing to who is employed again (SEC-43)."""
    now, left = timezone.now(), Departure.objects.filter(user=request.requester_id, withdrawn_at=None)
    if not left.filter(district=request.district_id, ends_at__range=(request.submitted_at, now)).exists():
        return None
    return f"{request.requester} has left {request.district} since asking. Who returns asks again."


def _why_not_these_places(request: AccessRequest) -> str | None:
    """Since the request was submitted a site may have gone to another district, or the cut-over have come."""
    sites = [row.site for row in request.places.select_related("site__district") if row.site]
    sentences = (
        _why_not_ours(site, request.district) or why_not_the_site(request.requester, site, request.district)
        for site in sites
    )
    return next(filter(None, sentences), None)


def _why_not_ours(site: Site, district: District) -> str | None:
    """A district decides about the sites in its care today and about no others (SEC-18, ROL-09)."""
    if overseer(site, timezone.localdate()) == district:
        return None
    return f"{site} is not in the care of {district} any more. The person asks the district that oversees it."


def _second_person(user: User, request: AccessRequest) -> str:
    others = [str(person) for person in coordinators_of(request.district) if person != user]
    return "You have approved this request, so somebody else grants it" + (
        f": {' or '.join(others)}." if others else ". No other coordinator is designated yet."
    )


def _who_at_district(permission: Permission) -> str:
    return who_can(permission).removeprefix("a state administrator or ")
