"""What this person may do with this IEP: one sentence for the button, the page and the API."""

from evaluations.access import refusal
from ieps.models import Iep, IepStatus
from organizations.models import District
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission
from students.access import NOBODY_ANSWERS, responsible_today, why_not_for
from students.models import Student

HELD = (IepStatus.DRAFT, IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE)
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


def why_not_hand_over(user: User, iep: Iep, place: District | None = None) -> str | None:
    """`place` where it is known already which district answers."""
    deed = "hand an IEP to somebody else"
    return why_not_for(user, Permission.REASSIGN, place or place_of(iep), iep.student, deed) or _over(iep)


def why_not_manage(user: User, iep: Iep) -> str | None:
    """Whether an IEP can be handed to this person."""
    if iep.author_id == user.pk:
        return f"{user} is its case manager already."
    if not user.is_active:
        return f"The account of {user} is closed."
    sentence = why_not_for(user, Permission.WRITE_IEP, place_of(iep), iep.student, "manage an IEP")
    return sentence and f"{sentence} {user} is none there."


def check_may_hand_over(user: User, iep: Iep) -> None:
    place, deed = place_of(iep), "hand an IEP to somebody else"
    if sentence := why_not_for(user, Permission.REASSIGN, place, iep.student, deed):
        raise refusal(sentence, Permission.REASSIGN, place)
    if sentence := _over(iep):
        raise RuleBroken(sentence)


def why_not_take_away(user: User, iep: Iep) -> str | None:
    """Who leads ends the check-out of another person: the case manager, or who hands IEPs over."""
    if iep.author_id == user.pk and why_not_write(user, iep) is None:
        return None
    place, deed = place_of(iep), "take a section away from somebody"
    sentence = why_not_for(user, Permission.REASSIGN, place, iep.student, deed)
    return sentence and f"{sentence} So can the case manager of this IEP."


def check_may_take_away(user: User, iep: Iep) -> None:
    if sentence := why_not_take_away(user, iep):
        raise refusal(sentence, Permission.REASSIGN, place_of(iep))


def _over(iep: Iep) -> str | None:
    return None if iep.status in HELD else "This IEP is over: another one has taken its place."


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
