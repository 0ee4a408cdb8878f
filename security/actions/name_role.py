"""The state names superintendents, state administrators, auditors and support staff."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from organizations.models import District
from security.access import check
from security.actions.assign import assign
from security.actions.notices import tell
from security.models import Assignment, User
from security.queries.people import state_administrators
from security.refusals import NotAllowed, RuleBroken
from security.rules.requests import why_not_named
from security.rules.roles import Permission, Role, row_of

DEED = "name who holds this role"


@transaction.atomic
def name_role(
    *,
    by: User,
    user: User,
    role: Role,
    reason: str,
    district: District | None = None,
    last_day: date | None = None,
) -> Assignment:
    """From today to the last day, if there is one. Raises NotAllowed, RuleBroken with the field."""
    check(by, Permission.GRANT_ACCESS, None, DEED)
    if user.pk == by.pk:
        raise NotAllowed("You cannot decide about your own access. Another state administrator can.")
    if broken := why_not_named(role, district is not None, last_day is not None):
        field, sentence = broken
        raise RuleBroken(sentence, field)
    person = User.objects.select_for_update(of=["self"]).get(pk=user.pk)
    _check_person(person, role, district)
    if last_day and last_day < timezone.localdate():
        raise RuleBroken("This day is past. Enter a day to come.", "last_day")
    if not reason.strip():
        raise RuleBroken("Say why: the reason is kept.", "reason")
    given = assign(
        by=by, user=person, role=role, district=district, last_day=last_day, reason=reason.strip()[:200]
    )
    where = district or "the whole state"
    words = f"{by} has named you {row_of(role).short.lower()} for {where}."
    tell([person], words, key=f"named-{given.pk}", address="/account/")
    return given


@transaction.atomic
def name_first_administrator(username: str) -> Assignment:
    """By the operator, while the state has no administrator who could name one. Raises RuleBroken."""
    if state_administrators().exists():
        raise RuleBroken("There is a state administrator already, who names others under Access.")
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise RuleBroken(f"There is no open account with the username {username}.")
    return assign(by=None, user=person, role=Role.SEA_ADMINISTRATOR, reason="named by the operator")


def _check_person(person: User, role: Role, district: District | None) -> None:
    if not person.is_active:
        raise RuleBroken(f"The account of {person} is closed.", "person")
    if not person.staff_id:
        raise RuleBroken(f"{person} has not linked a staff ID yet.", "person")
    held = Assignment.objects.in_force().filter(user=person, role=role, district=district, site=None)
    if held.exists():
        raise RuleBroken(f"{person} has this role already.", "person")
