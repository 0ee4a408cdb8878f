"""Asking for access; supervisor first, then coordinator decides (SEC-10 to SEC-18, ROL-03 to ROL-05)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from organizations.models import District, Site
from security.access import requests as deciding
from security.actions.assign import assign
from security.actions.notices import tell
from security.extensions import has_an_iep_due
from security.models import (
    AccessRequest,
    AccessRequestPlace,
    Assignment,
    SiteRequests,
    User,
    access_settings_of,
)
from security.queries.people import coordinators_of, supervisors_of
from security.queries.reach import cut_over, is_affiliated, is_rolled_up, overseer, why_not_the_site
from security.queries.recorded import closed_days_of, days_open
from security.refusals import RuleBroken
from security.rules.requests import NOT_ASKED_FOR, Move, RequestState, is_overdue
from security.rules.roles import Role, row_of

LINK_FIRST = "Link your staff ID first."
ONE_DISTRICT = "Ask for the places of one district at a time: each district decides about its own."
Place = District | Site


@dataclass(frozen=True)
class Wanted:
    """What a person asks for: a role at places of one district, and why."""

    role: Role
    places: Sequence[Place]
    reason: str
    iep_forms: bool = False


def why_not_ask(user: User) -> str | None:
    return None if user.staff_id else LINK_FIRST


@transaction.atomic
def ask(*, by: User, wanted: Wanted) -> AccessRequest:
    """Submit a request. Raises RuleBroken with the field; a warning is kept with the request (ROL-04)."""
    person = User.objects.select_for_update(of=["self"]).get(pk=by.pk)
    if sentence := why_not_ask(person):
        raise RuleBroken(sentence)
    district = _check_wanted(person, wanted)
    request = AccessRequest.objects.create(
        requester=person,
        district=district,
        role=wanted.role,
        iep_forms=wanted.iep_forms,
        reason=wanted.reason.strip()[:200],
        warning=_warning(district, wanted),
    )
    AccessRequestPlace.objects.bulk_create(_row(request, place) for place in wanted.places)
    _note("ACCESS_REQUESTED", f"asks for {wanted.role}", request, by)
    _tell_who_decides(request)
    return request


def _check_wanted(person: User, wanted: Wanted) -> District:
    """The district that answers for every place."""
    if wanted.role in NOT_ASKED_FOR:
        raise RuleBroken(f"This role is not asked for here. {NOT_ASKED_FOR[wanted.role]}", "role")
    if not wanted.places:
        raise RuleBroken("Choose at least one place.", "places")
    if not wanted.reason.strip():
        raise RuleBroken("Say what you need the access for.", "reason")
    district = _answering_district(wanted.places)
    for place in wanted.places:
        _check_place(person, wanted, place, district)
    return district


def _answering_district(places: Sequence[Place]) -> District:
    today, found = timezone.localdate(), set()
    for place in places:
        district = place if isinstance(place, District) else overseer(place, today)
        if district is None:
            raise RuleBroken(f"No district oversees {place} today, so nobody can decide.", "places")
        found.add(district)
    if len(found) > 1:
        raise RuleBroken(ONE_DISTRICT, "places")
    return found.pop()


def _check_place(person: User, wanted: Wanted, place: Place, district: District) -> None:
    if isinstance(place, Site):
        if place.last_day and place.last_day < timezone.localdate():
            raise RuleBroken(f"{place} is closed.", "places")
        if sentence := _why_not_the_site(person, wanted, place, district):
            raise RuleBroken(sentence, "places")
    where = _where(place)
    held = Assignment.objects.in_force().filter(user=person, role=wanted.role, **where)
    if held.filter(iep_forms__gte=wanted.iep_forms).exists():
        raise RuleBroken(f"You have this role at {place} already.", "places")
    asked = AccessRequest.objects.open().filter(requester=person, role=wanted.role)
    if asked.filter(**{f"places__{name}": value for name, value in where.items()}).exists():
        raise RuleBroken(f"You have asked for this role at {place} already.", "places")


def _why_not_the_site(person: User, wanted: Wanted, site: Site, district: District) -> str | None:
    """Who asks for the whole district reaches its sites with it (ROL-05)."""
    if sentence := why_not_the_site(person, site, district):
        return sentence
    together = district in wanted.places and is_affiliated(site)
    if together and is_rolled_up(district.state, timezone.now()):
        return f"{site} is reached through {district}. Ask for {district} alone."
    return None


def _warning(district: District, wanted: Wanted) -> str:
    """Before the cut-over: sites at which no IEP is due in time (ROL-04). Refused where so set."""
    instant = cut_over(district.state)
    if instant is None or timezone.now() >= instant:
        return ""
    before = timezone.localdate(instant)
    sites = [place for place in wanted.places if isinstance(place, Site) and is_affiliated(place)]
    names = [str(site) for site in sites if not has_an_iep_due(site, before)]
    if not names:
        return ""
    sentence = f"No student at {' or '.join(names)} has an IEP due before {before:%B} {before.day}."[:300]
    if access_settings_of(district).site_requests == SiteRequests.REFUSE:
        raise RuleBroken(f"{sentence} From then on you reach it through {district}."[:300], "places")
    return sentence


def _where(place: Place) -> dict[str, Place]:
    return {"district": place} if isinstance(place, District) else {"site": place}


def _row(request: AccessRequest, place: Place) -> AccessRequestPlace:
    return AccessRequestPlace(request=request, **_where(place))


@transaction.atomic
def approve(*, by: User, request: AccessRequest) -> AccessRequest:
    """The supervisor's step. Raises NotAllowed, RuleBroken."""
    row, move = _locked(by, request, Move.APPROVE)
    row.state, row.approved_by, row.approved_at = move.to, by, timezone.now()
    row.save()
    _note("ACCESS_APPROVED", f"approved request {row.pk}", row, by)
    words = f"{row.requester} asks for access to {row.district}. The supervisor has approved: you decide."
    tell(coordinators_of(row.district), words, key=f"request-{row.pk}-approved", address=address_of(row))
    return row


@transaction.atomic
def grant(*, by: User, request: AccessRequest) -> list[Assignment]:
    """The coordinator's step: one role in force for each place (SEC-13). Raises NotAllowed, RuleBroken."""
    row, move = _locked(by, request, Move.GRANT)
    _close(row, move.to, by)
    given = [
        assign(
            by=by,
            user=row.requester,
            role=Role(row.role),
            iep_forms=row.iep_forms,
            reason=row.reason,
            approved_by=row.approved_by,
            request=row,
            **_where(place.place),
        )
        for place in row.places.select_related("district", "site")
    ]
    _note("ACCESS_GRANTED", f"granted request {row.pk}", row, by)
    _tell_requester(row, f"You have access: {row_of(Role(row.role)).title}, {row.district}.", "/account/")
    return given


@transaction.atomic
def deny(*, by: User, request: AccessRequest, reason: str) -> AccessRequest:
    """At either step, with a reason that the requester is told (SEC-16)."""
    row, move = _locked(by, request, Move.DENY)
    if not reason.strip():
        raise RuleBroken("Say why: the requester is told.", "reason")
    _close(row, move.to, by, reason.strip()[:200])
    _note("ACCESS_DENIED", f"denied request {row.pk}", row, by)
    _tell_requester(row, f"Your request was denied: {row.note}", address_of(row))
    return row


@transaction.atomic
def withdraw(*, by: User, request: AccessRequest) -> AccessRequest:
    row, move = _locked(by, request, Move.WITHDRAW)
    _close(row, move.to, by)
    _note("ACCESS_WITHDRAWN", f"withdrew request {row.pk}", row, by)
    return row


def escalate_requests() -> int:
    """Requests open for more than 10 business days are told to the other approver, once (SEC-17)."""
    waiting = AccessRequest.objects.open().filter(escalated_at=None).select_related("district", "requester")
    closed: dict[int, frozenset] = {}
    late = []
    for request in waiting:
        days = closed.setdefault(request.district_id, closed_days_of(request.district))
        late += [request] if is_overdue(days_open(request, days)) else []
    return sum(_escalate(request) for request in late)


@transaction.atomic
def _escalate(request: AccessRequest) -> int:
    row = AccessRequest.objects.select_for_update(of=["self"]).get(pk=request.pk)
    if row.escalated_at or not row.is_open:
        return 0
    row.escalated_at = timezone.now()
    row.save(update_fields=["escalated_at"])
    first = row.state == RequestState.SUBMITTED
    others = coordinators_of(row.district) if first else supervisors_of(row.district)
    waits_for = "supervisor" if first else "security coordinator"
    words = f"{row.requester}'s request has waited more than 10 business days for the {waits_for}."
    tell(others, words, key=f"request-{row.pk}-late", address=address_of(row))
    _note("REQUEST_ESCALATED", f"request {row.pk} waits too long for the {waits_for}", row, None)
    return 1


def address_of(request: AccessRequest) -> str:
    return f"/access/requests/{request.pk}/"


def _locked(by: User, request: AccessRequest, move: Move):
    """The row, locked and looked at anew, and its move: of two approvers at once one gets a sentence."""
    rows = AccessRequest.objects.select_for_update(of=["self"])
    row = rows.select_related("district__state", "requester", "approved_by").get(pk=request.pk)
    return row, deciding.check(by, row, move)


def _close(row: AccessRequest, state: RequestState, by: User, note: str = "") -> None:
    row.state, row.closed_by, row.closed_at, row.note = state, by, timezone.now(), note
    row.save()


def _tell_who_decides(request: AccessRequest) -> None:
    """The supervisors; where there is none the coordinators learn of it."""
    people = supervisors_of(request.district) or coordinators_of(request.district)
    words = f"{request.requester} asks for access to {request.district}."
    tell(people, words, key=f"request-{request.pk}-submitted", address=address_of(request))


def _tell_requester(row: AccessRequest, words: str, address: str) -> None:
    tell([row.requester], words[:300], key=f"request-{row.pk}-{row.state}", address=address)


def _note(kind: str, words: str, row: AccessRequest, by: User | None) -> None:
    record(kind, words, by=by, district_id=row.district_id, request=row.pk, user=row.requester_id)
