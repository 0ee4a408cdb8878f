"""What this person may do about a notice, a contact, a request: one sentence for page and API."""

from evaluations.access import refusal
from notices.models import Notice
from organizations.models import District
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission
from students.access import NOBODY_ANSWERS, responsible_today, why_not_for
from students.models import Student

WRITING, KEEPING = "write a notice to parents", "record contacts with parents"
ISSUED = "This notice is issued and stays as it is. A mistake is answered by a notice that replaces it."


def why_not_write(user: User, student: Student) -> str | None:
    return _why_not(user, Permission.WRITE_NOTICES, student, WRITING)


def why_not_keep_contacts(user: User, student: Student) -> str | None:
    """Attempts to reach the parents, deliveries, and what they ask to see."""
    return _why_not(user, Permission.KEEP_CONTACTS, student, KEEPING)


def why_not_change(user: User, notice: Notice) -> str | None:
    return why_not_write(user, notice.student) or (ISSUED if notice.issued_on else None)


def check_may_write(user: User, student: Student) -> District:
    """The district that answers for the child today. Raises NotAllowed, RuleBroken."""
    return _check(user, Permission.WRITE_NOTICES, student, WRITING)


def check_may_keep_contacts(user: User, student: Student) -> District:
    return _check(user, Permission.KEEP_CONTACTS, student, KEEPING)


def check_may_change(user: User, notice: Notice) -> None:
    check_may_write(user, notice.student)
    if notice.issued_on:
        raise RuleBroken(ISSUED)


def check_may_issue(user: User, notice: Notice) -> None:
    """No district issues what another one has drafted: the notice would stand in the other's name."""
    district = check_may_write(user, notice.student)
    if notice.issued_on:
        raise RuleBroken(ISSUED)
    if notice.district_id != district.pk:
        raise RuleBroken(
            f"{notice.district} drafted this notice and answers for the student no more."
            f" Discard it, and write one of {district}."
        )


def _why_not(user: User, permission: Permission, student: Student, deed: str) -> str | None:
    place = responsible_today(student)
    return why_not_for(user, permission, place, student, deed) or (None if place else NOBODY_ANSWERS)


def _check(user: User, permission: Permission, student: Student, deed: str) -> District:
    place = responsible_today(student)
    if sentence := why_not_for(user, permission, place, student, deed):
        raise refusal(sentence, permission, place)
    if place is None:
        raise RuleBroken(NOBODY_ANSWERS)
    return place
