"""A username is linked to one staff ID; two that want the same are shown to their coordinators (SEC-11)."""

import re

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from organizations.models import District
from security.access.requests import holds_at, looks_after_the_state
from security.actions.notices import tell
from security.holdings import holdings_of
from security.models import Resolution, StaffIdConflict, User
from security.queries.people import coordinators_of, state_administrators
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Permission

STAFF_ID = re.compile(r"[0-9A-Z]{3,10}")


@transaction.atomic
def link_staff_id(*, by: User, staff_id: str) -> StaffIdConflict | None:
    """Link the own username. Where another active username has the ID nothing is linked: the conflict that
    is kept and shown to both districts is returned. Raises RuleBroken.
    """
    staff_id = staff_id.strip().upper()
    if not STAFF_ID.fullmatch(staff_id):
        raise RuleBroken("A staff ID has 3 to 10 digits or letters.", "staff_id")
    person = User.objects.select_for_update(of=["self"]).get(pk=by.pk)
    if person.staff_id:
        raise RuleBroken(f"Your username is linked to staff ID {person.staff_id} already.", "staff_id")
    holder = User.objects.select_for_update(of=["self"]).filter(staff_id=staff_id).first()
    if holder and holder.is_active:
        return _conflict(person, holder, staff_id)
    if holder:
        _link(holder, None, by)
    _link(person, staff_id, by)
    by.staff_id = staff_id
    return None


def _conflict(claimant: User, holder: User, staff_id: str) -> StaffIdConflict:
    conflict, new = StaffIdConflict.objects.get_or_create(
        claimant=claimant, staff_id=staff_id, resolved_at=None, defaults={"holder": holder}
    )
    if new:
        for district in _districts(conflict) or [None]:
            record("STAFF_ID_CONFLICT", f"conflict {conflict.pk}", by=claimant,
                   district_id=district and district.pk)  # fmt: skip
            tell(
                coordinators_of(district) if district else state_administrators(),
                "Two usernames want the same staff ID. Decide whose it is.",
                key=f"staff-id-conflict-{conflict.pk}",
                address=f"/access/staff-id/conflicts/{conflict.pk}/",
            )
    return conflict


def _districts(conflict: StaffIdConflict) -> set[District]:
    """Whose coordinators decide; of two people without a district the state does."""
    return set(filter(None, (conflict.claimant.district, conflict.holder.district)))


def _link(person: User, staff_id: str | None, by: User) -> None:
    person.staff_id = staff_id
    person.save(update_fields=["staff_id"])
    words = "linked to a staff ID" if staff_id else "no longer linked to a staff ID"
    record("STAFF_ID_LINKED", f"user {person.pk} {words}", by=by, district_id=person.district_id)


def conflicts_seen_by(user: User):
    """Those that a district of this coordinator has a part in; the state sees all."""
    if looks_after_the_state(user):
        return StaffIdConflict.objects.all()
    mine = holdings_of(user).districts.get(Permission.GRANT_ACCESS.value, frozenset())
    return StaffIdConflict.objects.of_districts(mine)


def why_not_resolve(user: User, conflict: StaffIdConflict) -> str | None:
    if user.pk in (conflict.claimant_id, conflict.holder_id):
        return "You cannot decide about your own staff ID."
    districts = _districts(conflict)
    if not districts and not looks_after_the_state(user):
        return "Neither of the two has a district, so only a state administrator can decide this."
    if districts and not any(holds_at(user, Permission.GRANT_ACCESS, place) for place in districts):
        return "Only a security coordinator of one of the two districts can decide this."
    if conflict.resolved_at:
        return f"{conflict.resolved_by} has decided this already."
    return None


@transaction.atomic
def resolve_conflict(*, by: User, conflict: StaffIdConflict, resolution: Resolution, reason: str) -> None:
    """The staff ID stays, or goes to the other username. Both are told.

    Raises NotAllowed, RuleBroken, Stale when it cannot go there any more.
    """
    rows = StaffIdConflict.objects.select_for_update(of=["self"])
    row = rows.select_related("claimant__district", "holder__district", "resolved_by").get(pk=conflict.pk)
    if sentence := why_not_resolve(by, row):
        raise RuleBroken(sentence) if row.resolved_at else NotAllowed(sentence)
    if not reason.strip():
        raise RuleBroken("Say why: the reason is kept.", "reason")
    if resolution == Resolution.CLAIMANT_GETS:
        _hand_over(row, by)
    row.resolution, row.reason, row.resolved_by = resolution, reason.strip()[:200], by
    row.resolved_at = timezone.now()
    row.save()
    words = f"The question whose staff ID it is was decided: it {Resolution(resolution).label}."
    tell([row.claimant, row.holder], words, key=f"staff-id-conflict-{row.pk}-resolved", address="/account/")
    for district in {row.claimant.district_id, row.holder.district_id}:
        record("STAFF_ID_RESOLVED", f"conflict {row.pk} {resolution}", by=by, district_id=district)


def _hand_over(conflict: StaffIdConflict, by: User) -> None:
    """Raises Stale when either of the two has got another staff ID since."""
    both = User.objects.select_for_update(of=["self"]).in_bulk([conflict.holder_id, conflict.claimant_id])
    holder, claimant = both[conflict.holder_id], both[conflict.claimant_id]
    if holder.staff_id != conflict.staff_id:
        raise Stale(f"{holder} does not have this staff ID any more, so it cannot go to {claimant}.")
    if claimant.staff_id:
        raise Stale(f"{claimant} is linked to another staff ID meanwhile, so this one stays where it is.")
    _link(holder, None, by)
    _link(claimant, conflict.staff_id, by)
