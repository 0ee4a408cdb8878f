"""Employment ends: every role at the district and every open session with it (SEC-40, SEC-43)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from organizations.models import District
from security.access import check, why_not
from security.actions.assign import end_assignment, follow
from security.actions.go_on import let_go_on
from security.actions.sessions import end_sessions
from security.models import Assignment, Departure, EndReason, User
from security.models.assignment import AssignmentQuerySet
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Permission

DEED = "end somebody's access"


@transaction.atomic
def depart(
    *, by: User, user: User, district: District, ends_at: datetime | None = None, note: str = ""
) -> Departure:
    """Employment at the district ends at the instant, now unless it lies ahead.

    Raises NotAllowed, RuleBroken. The roles end at that instant by themselves; nothing has to run for it.
    """
    check(by, Permission.GRANT_ACCESS, district, DEED)
    now = timezone.now()
    at = max(ends_at or now, now)
    User.objects.select_for_update().get(pk=user.pk)
    if not _works_there(user, district, now):
        raise RuleBroken(f"{user} does not work at {district} and has no role there that could end.")
    if Departure.objects.ahead(now).filter(user=user, district=district, ends_at=at).exists():
        raise RuleBroken("This end is recorded already.", "ends_at")
    departure = Departure.objects.create(
        user=user, district=district, ends_at=at, recorded_by=by, note=note[:200]
    )
    _end_roles(departure, by)
    words = f"employment of user {user.pk} ends {timezone.localtime(at):%Y-%m-%d %H:%M}"
    record("EMPLOYMENT_ENDS", words, by=by, district_id=district.pk, departure=departure.pk)
    if at <= now:
        carry_out(departure)
    return departure


def _works_there(user: User, district: District, now: datetime) -> bool:
    """Of who left long ago, and works elsewhere, no session here is the district's to end."""
    roles = Assignment.objects.reaching(district, timezone.localdate(now)).unended(now)
    return user.district_id == district.pk or roles.filter(user=user).exists()


def _end_roles(departure: Departure, by: User | None) -> None:
    """Those of today, those still to begin, and those given meanwhile."""
    rows = _roles_there(departure).unended(departure.ends_at)
    for row in rows.select_related("user", "site"):
        end_assignment(
            by=by,
            assignment=row,
            reason=EndReason.EMPLOYMENT_ENDED,
            at=departure.ends_at,
            note=departure.note,
        )


def _roles_there(departure: Departure) -> AssignmentQuerySet:
    """Also at sites that the district oversees: they were given by it, and nobody else would end them."""
    day = timezone.localdate(departure.ends_at)
    return Assignment.objects.reaching(departure.district, day).filter(user=departure.user_id)


@transaction.atomic
def carry_out(departure: Departure) -> bool:
    """Its instant has come: end the sessions, and roles given since it was recorded. May run twice."""
    row = (
        Departure.objects.select_for_update(of=["self"])
        .select_related("user", "district")
        .get(pk=departure.pk)
    )
    if row.carried_out_at or row.withdrawn_at:
        return False
    row.carried_out_at = timezone.now()
    row.save(update_fields=["carried_out_at"])
    _end_roles(row, row.recorded_by)
    follow(row.user)
    end_sessions(row.user, by=row.recorded_by, reason="employment ended")
    return True


def carry_out_due(at: datetime | None = None) -> int:
    """Each departure whose instant has come, on its own. Returns how many."""
    return sum(carry_out(row) for row in Departure.objects.due(at or timezone.now()))


def why_not_withdraw(user: User, departure: Departure) -> str | None:
    """Whoever grants access there, and never who leaves: that would keep the own access."""
    if departure.user_id == user.pk:
        return "You cannot take back the end of your own employment. Somebody else who grants access can."
    return why_not(user, Permission.GRANT_ACCESS, departure.district, DEED)


@transaction.atomic
def withdraw_departure(*, by: User, departure: Departure) -> None:
    """A departure still ahead was a mistake: its roles go on. Raises NotAllowed, Stale when it has come."""
    row = Departure.objects.select_for_update(of=["self"]).select_related("district").get(pk=departure.pk)
    if sentence := why_not_withdraw(by, row):
        raise NotAllowed(sentence)
    if row.withdrawn_at or row.ends_at <= timezone.now():
        raise Stale("This end has come already, or was taken back. Roles that ended are asked for again.")
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    ended = _roles_there(row).filter(ended_at=row.ends_at, end_reason=EndReason.EMPLOYMENT_ENDED)
    for assignment in ended:
        let_go_on(by=by, assignment=assignment, planned=row.ends_at, why="the departure was withdrawn")
