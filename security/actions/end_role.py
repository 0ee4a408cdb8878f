"""One role is no longer needed, or was given by mistake (SEC-44)."""

from django.db import transaction

from organizations.models import District
from security.access import check
from security.actions.assign import district_of, end_assignment
from security.models import Assignment, EndReason, User
from security.refusals import RuleBroken, Stale
from security.rules.roles import Permission

REASONS = (EndReason.NO_LONGER_NEEDED, EndReason.MISTAKE, EndReason.DUTIES_CHANGED)


@transaction.atomic
def end_role(*, by: User, assignment: Assignment, reason: EndReason, note: str = "") -> None:
    """It counts no longer from now on. Raises NotAllowed, RuleBroken, Stale when it has ended already."""
    row = (
        Assignment.objects.select_for_update(of=["self"]).select_related("site", "user").get(pk=assignment.pk)
    )
    place = District.objects.filter(pk=district_of(row) or 0).first()
    check(by, Permission.GRANT_ACCESS, place, "end somebody's role")
    if reason not in REASONS:
        raise RuleBroken("Choose why the role ends.", "reason")
    if not Assignment.objects.running().filter(pk=row.pk).exists():
        raise Stale("This role has ended already. Nothing was changed.")
    end_assignment(by=by, assignment=row, reason=reason, note=note)
