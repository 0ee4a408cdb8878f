"""Duties change: each role there ends after five business days unless two people confirm it (SEC-41)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from organizations.models import ClosedDay, District
from organizations.rules.days import add_business_days
from security.access import holds, who_can
from security.actions.assign import district_of, end_assignment
from security.actions.go_on import let_go_on
from security.actions.notices import tell
from security.models import Assignment, EndReason, Justification, User
from security.queries.people import people_with
from security.refusals import NotAllowed, RuleBroken
from security.rules.reviews import Part
from security.rules.roles import Permission
from ui.dates import in_words

BUSINESS_DAYS = 5
PERMISSION_OF = {Part.SUPERVISOR: Permission.APPROVE_REQUESTS, Part.COORDINATOR: Permission.GRANT_ACCESS}


def why_not_report(user: User, district: District) -> str | None:
    if any(holds(user, permission, district) for permission in PERMISSION_OF.values()):
        return None
    either = " or ".join(who_can(permission) for permission in PERMISSION_OF.values())
    return f"Only {either} of {district} can record a change in duties."


@transaction.atomic
def change_duties(
    *, by: User, user: User, district: District, note: str, at: datetime | None = None
) -> list[Justification]:
    """Every role of the person there is to be justified again. Raises NotAllowed, RuleBroken.

    A role that ends sooner anyway, or that is to be justified already, is left as it is.
    """
    if sentence := why_not_report(by, district):
        raise NotAllowed(sentence)
    if not note.strip():
        raise RuleBroken("Say what changed, such as “moved to Heron High”.", "note")
    User.objects.select_for_update().get(pk=user.pk)
    ends_at = end_of(district, at or timezone.now())
    rows = Assignment.objects.reaching(district, timezone.localdate()).running()
    rows = rows.filter(user=user, ended_at=None)
    opened = [_to_justify(by, row, note, ends_at) for row in rows.select_related("user", "site")]
    if not opened:
        raise RuleBroken(f"{user} has no role at {district} that is not ending already.")
    _tell(by, user, district, len(opened), ends_at)
    return opened


def end_of(district: District, at: datetime) -> datetime:
    """The end of the fifth business day after the instant, by the district's calendar and clock."""
    zone = ZoneInfo(district.state.time_zone)
    days = ClosedDay.objects.filter(calendar__district=district, calendar__site=None)
    closed = set(days.filter(calendar__summer_school=False).values_list("day", flat=True))
    last = add_business_days(at.astimezone(zone).date(), BUSINESS_DAYS, closed)
    return datetime.combine(last + timedelta(days=1), time.min, zone)


def _to_justify(by: User, row: Assignment, note: str, ends_at: datetime) -> Justification:
    end_assignment(by=by, assignment=row, reason=EndReason.DUTIES_CHANGED, at=ends_at, note=note)
    return Justification.objects.create(assignment=row, recorded_by=by, note=note[:200], ends_at=ends_at)


def _tell(by: User, user: User, district: District, n: int, ends_at: datetime) -> None:
    last = in_words((ends_at - timedelta(minutes=1)).date())
    record("DUTIES_CHANGED", f"duties of user {user.pk} changed", by=by, district_id=district.pk, roles=n)
    people = set().union(*(people_with(p, district) for p in PERMISSION_OF.values())) - {user}
    end = "1 role ends" if n == 1 else f"{n} roles end"
    words = f"Duties of {user} changed: {end} after {last} unless supervisor and coordinator confirm."
    key = f"duties:{user.pk}:{ends_at:%Y%m%d}"
    tell(people, words, key=key, address=f"/access/people/{user.pk}/")
    tell([user], f"Your duties changed: {end} after {last} unless both confirm.", key=key)


def part_of(user: User, row: Justification) -> Part | None:
    """In which part this person can confirm the role now."""
    district = district_row(row)
    open_parts = [part for part in Part if getattr(row, f"{part}_id") is None]
    return next((part for part in open_parts if holds(user, PERMISSION_OF[part], district)), None)


def district_row(row: Justification) -> District:
    return District.objects.get(pk=district_of(row.assignment))


def why_not_confirm(user: User, row: Justification) -> str | None:
    """A sentence when this person cannot confirm that the role goes on."""
    if row.assignment.user_id == user.pk:
        return "You cannot confirm your own role. Somebody else who decides on access can."
    if row.assignment.ended_at != row.ends_at or row.ends_at <= timezone.now():
        return "This role has ended, or goes on already. Nothing is to be confirmed."
    if user.pk in (row.supervisor_id, row.coordinator_id):
        return "You have confirmed this role. The other approver confirms it too."
    if part_of(user, row) is None:
        either = " or ".join(who_can(permission) for permission in PERMISSION_OF.values())
        return f"Only {either} who has not confirmed it yet can confirm this role."
    return None


@transaction.atomic
def confirm_role(*, by: User, justification: Justification) -> bool:
    """One of the two says that the role is still needed. Returns whether it goes on. Raises NotAllowed."""
    row = (
        Justification.objects.select_for_update(of=["self"])
        .select_related("assignment__user", "assignment__site")
        .get(pk=justification.pk)
    )
    if sentence := why_not_confirm(by, row):
        raise NotAllowed(sentence)
    part = part_of(by, row)
    setattr(row, str(part), by)
    setattr(row, f"{part}_at", timezone.now())
    row.save()
    words = f"{row.assignment.role} of user {row.assignment.user_id} confirmed as {part}"
    record("ROLE_CONFIRMED", words, by=by, district_id=district_of(row.assignment))
    if not (row.supervisor_id and row.coordinator_id):
        return False
    let_go_on(by=by, assignment=row.assignment, planned=row.ends_at, why="confirmed by both")
    return True
