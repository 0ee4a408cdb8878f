"""A superintendent designates a security coordinator; the state processes the form (SEC-19, SEC-20)."""

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from documents.actions import store
from journal.actions import record
from organizations.models import District
from security.access import check, only_they_can, why_not
from security.access.requests import looks_after_the_state
from security.actions.assign import assign
from security.actions.notices import tell
from security.models import Assignment, Departure, Designation, User
from security.queries.people import state_administrators
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Permission, Role

DEED = "designate the security coordinator"
WITHDRAW = "withdraw a designation"
FORM = "designation_form"


def why_not_designate(user: User, district: District) -> str | None:
    return why_not(user, Permission.DESIGNATE_COORDINATOR, district, DEED)


@transaction.atomic
def designate(*, by: User, district: District, user: User, form: File | None = None) -> Designation:
    """Submitted to the state, with the signed form where there is one. Raises RuleBroken, NotAllowed."""
    check(by, Permission.DESIGNATE_COORDINATOR, district, DEED)
    District.objects.select_for_update().get(pk=district.pk)
    _check_person(by, district, user)
    document = store(form, FORM, by.pk, district_id=district.pk) if form else None
    designation = Designation.objects.create(district=district, user=user, submitted_by=by, form=document)
    record("COORDINATOR_DESIGNATED", f"designated user {user.pk}", by=by, district_id=district.pk)
    words = f"{district} designates {user} as its security coordinator. Process the form."
    tell(state_administrators(), words, key=f"designation-{designation.pk}", address="/access/")
    return designation


def _check_person(by: User, district: District, user: User) -> None:
    if user == by:
        raise RuleBroken("A superintendent designates somebody else.", "user")
    if not user.staff_id:
        raise RuleBroken(f"{user} has not linked a staff ID yet.", "user")
    if Designation.objects.waiting().filter(district=district, user=user).exists():
        raise RuleBroken(f"{user} is designated already; the state has the form.", "user")
    if Designation.objects.in_force().filter(district=district, user=user).exists():
        raise RuleBroken(f"{user} is a security coordinator of {district} already.", "user")


@transaction.atomic
def process_designation(*, by: User, designation: Designation) -> Assignment:
    """The state gives the role. A form that was processed before is left as it is, with a sentence."""
    if not looks_after_the_state(by):
        raise NotAllowed(only_they_can(Permission.GRANT_ACCESS, None, "process a designation"))
    row = Designation.objects.select_for_update(of=["self"]).get(pk=designation.pk)
    _check_waits(row)
    if row.user_id == by.pk:
        raise NotAllowed("You cannot decide about your own access.")
    if row.submitted_by_id == by.pk:
        raise NotAllowed("You have designated this person. Another state administrator processes the form.")
    if not (row.user.is_active and row.user.staff_id):
        raise RuleBroken(f"{row.user} has no open account with a linked staff ID any more.")
    if _has_left_since(row):
        raise RuleBroken(
            f"{row.user} has left {row.district} since. The superintendent designates somebody else."
        )
    role = assign(
        by=by,
        user=row.user,
        role=Role.SECURITY_COORDINATOR,
        district=row.district,
        reason=f"designation {row.pk}",
    )
    row.processed_by, row.processed_at, row.assignment = by, timezone.now(), role
    row.save()
    record("DESIGNATION_PROCESSED", f"processed designation {row.pk}", by=by, district_id=row.district_id)
    words = f"The state has processed the designation: {row.user} is security coordinator of {row.district}."
    tell({row.user, row.submitted_by}, words, key=f"designation-{row.pk}-processed", address="/access/")
    return role


def why_not_withdraw(user: User, district: District) -> str | None:
    """The superintendent takes it back; the state sends back what it cannot process."""
    return (
        None
        if looks_after_the_state(user)
        else why_not(user, Permission.DESIGNATE_COORDINATOR, district, WITHDRAW)
    )


@transaction.atomic
def withdraw_designation(*, by: User, designation: Designation) -> None:
    """The form waits no longer, and the person can be designated anew. Raises NotAllowed, Stale."""
    rows = Designation.objects.select_for_update(of=["self"])
    row = rows.select_related("district", "user", "submitted_by").get(pk=designation.pk)
    if sentence := why_not_withdraw(by, row.district):
        raise NotAllowed(sentence)
    _check_waits(row)
    row.withdrawn_by, row.withdrawn_at = by, timezone.now()
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record("DESIGNATION_WITHDRAWN", f"withdrew designation {row.pk}", by=by, district_id=row.district_id)
    words = f"{by} has withdrawn the designation of {row.user} as security coordinator of {row.district}."
    others = {row.submitted_by, *state_administrators()} - {by}
    tell(others, words, key=f"designation-{row.pk}-withdrawn", address="/access/")


def _check_waits(designation: Designation) -> None:
    if designation.processed_at:
        raise Stale("This designation is processed already.")
    if designation.withdrawn_at:
        raise Stale(f"This designation was withdrawn by {designation.withdrawn_by}.")


def _has_left_since(designation: Designation) -> bool:
    since = (designation.submitted_at, timezone.now())
    left = Departure.objects.filter(user=designation.user_id, district=designation.district_id)
    return left.filter(withdrawn_at=None, ends_at__range=since).exists()
