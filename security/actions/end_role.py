"""One role is no longer needed or was given by mistake (SEC-44), or goes on without IEP Forms (SEC-15)."""

from django.db import transaction
from django.utils import timezone

from organizations.models import District
from security.access import check
from security.actions.assign import assign, district_of, end_assignment
from security.actions.sessions import end_sessions
from security.models import Assignment, EndReason, User
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Permission, Role

REASONS = (EndReason.NO_LONGER_NEEDED, EndReason.MISTAKE, EndReason.DUTIES_CHANGED)
# A role for the whole state ends with no departure from a district.
REASONS_OF_THE_STATE = (*REASONS, EndReason.EMPLOYMENT_ENDED)


@transaction.atomic
def end_role(*, by: User, assignment: Assignment, reason: EndReason, note: str = "") -> None:
    """It counts no longer from now on. Raises NotAllowed, RuleBroken, Stale when it has ended already."""
    row = _found(by, assignment, "end somebody's role")
    if reason not in (REASONS if district_of(row) else REASONS_OF_THE_STATE):
        raise RuleBroken("Choose why the role ends.", "reason")
    if not Assignment.objects.running().filter(pk=row.pk).exists():
        raise Stale("This role has ended already. Nothing was changed.")
    end_assignment(by=by, assignment=row, reason=reason, note=note)
    if reason == EndReason.EMPLOYMENT_ENDED:
        end_sessions(row.user, by=by, reason="employment ended")


@transaction.atomic
def end_iep_forms(*, by: User, assignment: Assignment, note: str = "") -> Assignment:
    """The old row ends and is kept, a new one without IEP Forms begins. Returns the role that goes on.

    Raises NotAllowed, RuleBroken when it has no IEP Forms access any more.
    """
    Assignment.objects.select_for_update(of=["self"]).get(pk=assignment.pk)
    row = _found(by, assignment, "end IEP Forms access")
    if row.user_id == by.pk:
        raise NotAllowed("You cannot decide about your own access.")
    if sentence := _why_not_without_iep_forms(row):
        raise RuleBroken(sentence)
    end_assignment(by=by, assignment=row, reason=EndReason.IEP_FORMS_ENDED, note=note)
    return assign(
        by=by,
        user=row.user,
        role=Role(row.role),
        district=row.district,
        site=row.site,
        first_day=max(row.first_day, timezone.localdate()),
        last_day=row.last_day,
        reason=row.reason,
        approved_by=row.approved_by,
        request=row.request,
    )


def _why_not_without_iep_forms(row: Assignment) -> str | None:
    """What is ending already does not go on anew: that would take its end back."""
    if row.iep_forms and row.ended_at and row.ended_at > timezone.now():
        return "An end of this role is recorded already. To end it sooner, end the role itself."
    if not row.iep_forms or not Assignment.objects.unended(timezone.now()).filter(pk=row.pk).exists():
        return "This role has no IEP Forms access any more."
    return None


def _found(by: User, assignment: Assignment, deed: str) -> Assignment:
    """The row, for whoever grants access at the district that answers for it; else for the state.

    Not locked here: `end_assignment` locks all of the last ones in one order, so that two never wait for one
    another.
    """
    row = Assignment.objects.select_related("district", "site", "user").get(pk=assignment.pk)
    check(by, Permission.GRANT_ACCESS, District.objects.filter(pk=district_of(row) or 0).first(), deed)
    return row
