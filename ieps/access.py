"""What this person may do with this IEP: one sentence for the button, the page and the API."""

from evaluations.access import NOBODY_ANSWERS, refusal, responsible_today
from ieps.models import Iep
from organizations.models import District
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission
from students.access import why_not_for
from students.models import Student

NO_DRAFT = (
    "This IEP is no draft: what was agreed is no longer changed. Begin an amendment or a review instead."
)


def place_of(iep: Iep) -> District | None:
    return (responsible_today(iep.student) if iep.student else None) or iep.district


def why_not_start(user: User, student: Student) -> str | None:
    place = responsible_today(student)
    return why_not_for(user, Permission.WRITE_IEP, place, student, "begin an IEP") or (
        None if place else NOBODY_ANSWERS
    )


def why_not_write(user: User, iep: Iep) -> str | None:
    return why_not_for(user, Permission.WRITE_IEP, place_of(iep), iep.student, "write in an IEP") or (
        None if iep.is_draft else NO_DRAFT
    )


def check_may_start(user: User, student: Student) -> None:
    place = responsible_today(student)
    if sentence := why_not_for(user, Permission.WRITE_IEP, place, student, "begin an IEP"):
        raise refusal(sentence, Permission.WRITE_IEP, place)
    if place is None:
        raise RuleBroken(NOBODY_ANSWERS)


def check_may_write(user: User, iep: Iep) -> None:
    place = place_of(iep)
    if sentence := why_not_for(user, Permission.WRITE_IEP, place, iep.student, "write in an IEP"):
        raise refusal(sentence, Permission.WRITE_IEP, place)
    if not iep.is_draft:
        raise RuleBroken(NO_DRAFT)
