"""Giving and ending roles. The grants of guardian follow the assignments in force."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import Permission as PermissionRow
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from journal.actions import record
from organizations.models import District, Site
from security.holdings import forget, given_by
from security.models import Assignment, DistrictGrant, EndReason, SiteGrant, User
from security.rules.roles import Permission, Role


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
    reason: str = "",
) -> Assignment:
    """This user holds this role at this place from the first day on; statewide without a place."""
    assignment = Assignment.objects.create(
        user=user,
        role=role,
        district=district,
        site=site,
        iep_forms=iep_forms,
        first_day=first_day or timezone.localdate(),
        granted_by=by,
        reason=reason,
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
    """The district that answers for the role: its own place, or that of its public site."""
    return assignment.district_id or (assignment.site.district_id if assignment.site else None)


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

    One that ended before is left as it is, so that a second click changes nothing.
    """
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


@transaction.atomic
def follow(user: User, on: date | None = None) -> None:
    """Make this user's grants exactly what the assignments in force on the day say."""
    forget(user)
    rows = Assignment.objects.on(on) if on else Assignment.objects.in_force()
    in_force = rows.filter(user=user)
    districts = {(a.district_id, p) for a in in_force if a.district_id for p in given_by(a)}
    sites = {(a.site_id, p) for a in in_force if a.site_id for p in given_by(a)}
    _set_grants(user, DistrictGrant, District, districts)
    _set_grants(user, SiteGrant, Site, sites)


def _set_grants(user, grant_model, place_model, wanted: set[tuple[int, Permission]]) -> None:
    rows = PermissionRow.objects.filter(content_type=ContentType.objects.get_for_model(place_model))
    ids = {row.codename: row.pk for row in rows}
    wanted_ids = {(place, ids[permission.value]) for place, permission in wanted}
    have = {(g.content_object_id, g.permission_id): g for g in grant_model.objects.filter(user=user)}
    gone = [grant.pk for key, grant in have.items() if key not in wanted_ids]
    grant_model.objects.filter(pk__in=gone).delete()
    grant_model.objects.bulk_create(
        grant_model(user=user, content_object_id=place, permission_id=permission)
        for place, permission in wanted_ids - have.keys()
    )
