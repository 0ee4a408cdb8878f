"""Giving and ending roles. The grants of guardian follow the assignments in force."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import Permission as PermissionRow
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from journal.actions import record
from organizations.models import District, Site
from security.held_now import roles_now
from security.holdings import forget, given_by
from security.models import AccessRequest, Assignment, DistrictGrant, EndReason, SiteGrant, User
from security.queries.reach import overseer
from security.refusals import RuleBroken
from security.rules.roles import Role


@transaction.atomic
def assign(
    *,
    by: User | None,
    user: User,
    role: Role,
    district: District | None = None,
    site: Site | None = None,
    iep_forms: bool = False,
    first_day: date | None = None,
    last_day: date | None = None,
    reason: str = "",
    approved_by: User | None = None,
    request: AccessRequest | None = None,
) -> Assignment:
    """This user holds this role at this place from the first to the last day; statewide without a place.

    `approved_by` and `request`: how it was asked for and approved (SEC-13).
    """
    assignment = Assignment.objects.create(
        user=user,
        role=role,
        district=district,
        site=site,
        iep_forms=iep_forms,
        first_day=first_day or timezone.localdate(),
        last_day=last_day,
        granted_by=by,
        reason=reason,
        approved_by=approved_by,
        request=request,
    )
    follow(user)
    record(
        "ROLE_GIVEN",
        f"{role} given to user {user.pk}",
        by=by,
        district_id=district_of(assignment),
        assignment=assignment.pk,
    )
    return assignment


def district_of(assignment: Assignment) -> int | None:
    """The district that answers for the role today: its own place, or the one that oversees its site."""
    if assignment.site is None:
        return assignment.district_id
    found = overseer(assignment.site, timezone.localdate())
    return found.pk if found else None


@transaction.atomic
def end_assignment(
    *,
    by: User | None,
    assignment: Assignment,
    reason: EndReason,
    at: datetime | None = None,
    note: str = "",
) -> None:
    """From the instant on (now) the role counts no longer; the row is kept with who and why (SEC-44).

    One that ended before is left as it is, so that a second click changes nothing. Raises RuleBroken for the
    last state administrator, and for a district's last security coordinator unless the employment ended.
    """
    if sentence := why_not_end(assignment, reason):
        raise RuleBroken(sentence)
    row = Assignment.objects.select_for_update(of=["self"]).get(pk=assignment.pk)
    at = at or timezone.now()
    if row.ended_at and row.ended_at <= at:
        return
    row.ended_at, row.ended_by, row.end_reason, row.end_note = at, by, reason, note[:200]
    row.save(update_fields=["ended_at", "ended_by", "end_reason", "end_note"])
    follow(assignment.user)
    record(
        "ROLE_ENDED",
        f"{row.role} of user {row.user_id} ended: {EndReason(reason).label}",
        by=by,
        district_id=district_of(row),
        assignment=row.pk,
    )


def why_not_end(assignment: Assignment, reason: EndReason) -> str | None:
    """The last security coordinator of a district is not removed (SEC-20), nor the last state administrator.

    Who leaves a district's employ keeps nothing there: then the state sees that it has none (SEC-19).
    """
    if assignment.role == Role.SEA_ADMINISTRATOR and assignment.is_statewide:
        last = f"{assignment.user} is the last state administrator. Another one is named first."
        return last if _is_last(assignment, "district", "site") else None
    of_a_district = assignment.role == Role.SECURITY_COORDINATOR and assignment.district_id
    if not of_a_district or reason == EndReason.EMPLOYMENT_ENDED or not _is_last(assignment, "district"):
        return None
    return (
        f"{assignment.user} is the last security coordinator of {assignment.district}."
        " The superintendent designates another one first."
    )


def _is_last(assignment: Assignment, *place: str) -> bool:
    """In force, and nobody else who can sign in holds the role at the same place without an end ahead."""
    there = {name: getattr(assignment, name) for name in place}
    theirs = Assignment.objects.filter(role=assignment.role, **there)
    list(theirs.order_by("pk").select_for_update(of=["self"]))  # two removals at once see one another
    left = theirs.in_force().filter(user__is_active=True, ended_at=None, last_day=None)
    left = left.exclude(user=assignment.user_id)
    return not left.exists() and theirs.in_force().filter(pk=assignment.pk).exists()


def follow_the_calendar(today: date | None = None) -> int:
    """Grants of everybody whose role began or ended within a week; returns how many people. May run twice."""
    day = today or timezone.localdate()
    week = (day - timedelta(days=7), day)
    moved = (
        Q(assignments__first_day__range=week)
        | Q(assignments__last_day__range=week)
        | Q(assignments__ended_at__date__range=week)
    )
    people = User.objects.filter(moved).distinct()
    for user in people:
        follow(user, on=today)
    return len(people)


@transaction.atomic(savepoint=False)
def follow(user: User, on: date | None = None) -> None:
    """Make this user's grants exactly what the assignments in force on the day say."""
    forget(user)
    in_force = Assignment.objects.on(on).filter(user=user) if on else roles_now(user.pk)
    ids = _permission_ids()
    _set_grants(user, DistrictGrant, {
        (a.district_id, ids[District, p]) for a in in_force if a.district_id for p in given_by(a)
    })  # fmt: skip
    _set_grants(user, SiteGrant, {
        (a.site_id, ids[Site, p]) for a in in_force if a.site_id for p in given_by(a)
    })  # fmt: skip


def _permission_ids() -> dict[tuple[type[District] | type[Site], str], int]:
    """The row of each permission at each kind of place, by its name."""
    kinds = {ContentType.objects.get_for_model(place).pk: place for place in (District, Site)}
    rows = PermissionRow.objects.filter(content_type__in=kinds).values_list("content_type", "codename", "pk")
    return {(kinds[kind], codename): pk for kind, codename, pk in rows}


def _set_grants(user: User, grants: type[DistrictGrant | SiteGrant], wanted: set[tuple[int, int]]) -> None:
    """`wanted`: place and permission, by id."""
    have = {(row.content_object_id, row.permission_id): row.pk for row in grants.objects.filter(user=user)}
    if gone := [pk for key, pk in have.items() if key not in wanted]:
        grants.objects.filter(pk__in=gone).delete()
    grants.objects.bulk_create(
        grants(user=user, content_object_id=place, permission_id=permission)
        for place, permission in wanted - have.keys()
    )
