"""What this person may do with this IEP: one sentence for the button, the page and the API."""

from collections.abc import Iterable

from evaluations.access import refusal
from ieps.models import Iep, IepStatus
from ieps.models.iep import IN_FORCE
from ieps.rules.life import Move, targets
from organizations.models import District
from security.access import holds_anywhere, who_can
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission
from students.access import NOBODY_ANSWERS, responsible_today, why_not_for
from students.models import Student

AUTHOR_APPROVES = (
    "{user} is the case manager of this IEP. It is approved by a representative of the district who does not "
    "teach the student (LAC 28:XCVII.107.A.1)."
)
TEACHER_APPROVES = (
    "{user} took part as the student's special education teacher. It is approved by a representative of the "
    "district who is not (LAC 28:XCVII.107.A.1)."
)
NOT_CURRENT = "Only the official IEP whose place no other one takes is amended."
DELETION = "decide about the deletion of an IEP"
HELD = (IepStatus.DRAFT, IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE)
OFFICIAL = (IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE)
ADOPTING, RECEIVING = "adopt an IEP", "record services for a student who transfers"
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


def why_not_measure(user: User, iep: Iep, place: District | None = None) -> str | None:
    """Only an official IEP has goals that are worked on. `place` where it is known who answers."""
    deed, place = "record progress toward the goals", place or place_of(iep)
    return why_not_for(user, Permission.WRITE_IEP, place, iep.student, deed) or _not_official(iep)


ANSWERING = "answer the transition checklist"


def why_not_answer(user: User, iep: Iep) -> str | None:
    return why_not_for(user, Permission.WRITE_IEP, place_of(iep), iep.student, ANSWERING) or _over(iep)


def check_may_answer(user: User, iep: Iep) -> None:
    """Of a draft and of what is in effect."""
    place = place_of(iep)
    if sentence := why_not_for(user, Permission.WRITE_IEP, place, iep.student, ANSWERING):
        raise refusal(sentence, Permission.WRITE_IEP, place)
    if sentence := _over(iep) or (None if responsible_today(iep.student) else NOBODY_ANSWERS):
        raise RuleBroken(sentence)


def check_may_measure(user: User, iep: Iep) -> None:
    _check(user, iep, "record progress toward the goals")


def check_may_report(user: User, iep: Iep) -> None:
    _check(user, iep, "report progress to the parents")


def _check(user: User, iep: Iep, deed: str) -> None:
    place = place_of(iep)
    if sentence := why_not_for(user, Permission.WRITE_IEP, place, iep.student, deed):
        raise refusal(sentence, Permission.WRITE_IEP, place)
    if sentence := _not_official(iep) or (None if responsible_today(iep.student) else NOBODY_ANSWERS):
        raise RuleBroken(sentence)


def _not_official(iep: Iep) -> str | None:
    return None if iep.status in IN_FORCE else "Progress is recorded on an official IEP."


def why_not_adopt(user: User, iep: Iep) -> str | None:
    """34 CFR 300.323(e)(1): the new district adopts the IEP of the one before, as it is."""
    place = place_of(iep)
    return why_not_for(user, Permission.APPROVE_IEP, place, iep.student, ADOPTING) or _own(iep, place)


def check_may_adopt(user: User, iep: Iep) -> None:
    place = place_of(iep)
    if sentence := why_not_for(user, Permission.APPROVE_IEP, place, iep.student, ADOPTING):
        raise refusal(sentence, Permission.APPROVE_IEP, place)
    if sentence := _own(iep, place) or (None if responsible_today(iep.student) else NOBODY_ANSWERS):
        raise RuleBroken(sentence)


def _own(iep: Iep, place: District | None) -> str | None:
    """Only what another district agreed to, and what is in effect, can be adopted."""
    if iep.status not in OFFICIAL:
        return "Only an official IEP that is in effect can be adopted."
    return "This IEP is the district's own already." if place and place.pk == iep.district_id else None


def why_not_receive(user: User, student: Student) -> str | None:
    """Whether this person may look after a child who comes with services of elsewhere."""
    place = responsible_today(student)
    sentence = why_not_for(user, Permission.WRITE_IEP, place, student, RECEIVING)
    return sentence or (None if place else NOBODY_ANSWERS)


def check_may_receive(user: User, student: Student) -> District:
    """The district that answers for the child today. Raises NotAllowed, RuleBroken."""
    place = responsible_today(student)
    if sentence := why_not_for(user, Permission.WRITE_IEP, place, student, RECEIVING):
        raise refusal(sentence, Permission.WRITE_IEP, place)
    if place is None:
        raise RuleBroken(NOBODY_ANSWERS)
    return place


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


def why_not_approve(user: User, iep: Iep, teachers: Iterable[str] = ()) -> str | None:
    """Only whether this person may: `teachers` are the special education teachers among the participants."""
    sentence = why_not_for(user, Permission.APPROVE_IEP, place_of(iep), iep.student, "approve an IEP")
    return sentence or (None if iep.is_draft else NO_DRAFT) or _own_child(user, iep, teachers)


def check_may_approve(user: User, iep: Iep, teachers: Iterable[str]) -> None:
    place = place_of(iep)
    if sentence := why_not_for(user, Permission.APPROVE_IEP, place, iep.student, "approve an IEP"):
        raise refusal(sentence, Permission.APPROVE_IEP, place)
    if sentence := why_not_approve(user, iep, teachers):
        raise RuleBroken(sentence)


def why_not_make_official(user: User, iep: Iep) -> str | None:
    """Whoever writes it or approves it, once everything is there."""
    return _one_of(user, (Permission.WRITE_IEP, Permission.APPROVE_IEP), iep, "make an IEP official") or (
        None if iep.is_draft else NO_DRAFT
    )


def check_may_make_official(user: User, iep: Iep) -> None:
    _refuse_unless_one_of(user, (Permission.WRITE_IEP, Permission.APPROVE_IEP), iep, "make an IEP official")
    if not iep.is_draft:
        raise RuleBroken(NO_DRAFT)


def why_not_ask_deletion(user: User, iep: Iep) -> str | None:
    return _one_of(user, (Permission.WRITE_IEP, Permission.DECIDE_DELETIONS), iep, "ask to delete an IEP")


def check_may_ask_deletion(user: User, iep: Iep) -> None:
    _refuse_unless_one_of(
        user, (Permission.WRITE_IEP, Permission.DECIDE_DELETIONS), iep, "ask to delete an IEP"
    )


def why_not_decide_deletion(user: User, iep: Iep) -> str | None:
    return why_not_for(user, Permission.DECIDE_DELETIONS, place_of(iep), iep.student, DELETION)


def check_may_decide_deletion(user: User, iep: Iep) -> None:
    _refuse_unless_one_of(user, (Permission.DECIDE_DELETIONS,), iep, DELETION)


def why_not_correct(user: User, iep: Iep) -> str | None:
    """Whether a slip of the pen may be put right by this person."""
    sentence = why_not_for(user, Permission.WRITE_IEP, place_of(iep), iep.student, "correct an IEP")
    return sentence or _no_words(iep) or _of_another(iep)


def check_may_correct(user: User, iep: Iep) -> None:
    _refuse_unless_one_of(user, (Permission.WRITE_IEP,), iep, "correct an IEP")
    if sentence := _no_words(iep) or _of_another(iep):
        raise RuleBroken(sentence)


def why_not_amend(user: User, iep: Iep) -> str | None:
    sentence = why_not_for(user, Permission.WRITE_IEP, place_of(iep), iep.student, "amend an IEP")
    if sentence or not targets(Move.AMEND, iep.status) or iep.replaced_by_id:
        return sentence or NOT_CURRENT
    return _of_another(iep)


def check_may_amend(user: User, iep: Iep) -> None:
    _refuse_unless_one_of(user, (Permission.WRITE_IEP,), iep, "amend an IEP")
    if sentence := why_not_amend(user, iep):
        raise RuleBroken(sentence)


def _own_child(user: User, iep: Iep, teachers: Iterable[str]) -> str | None:
    if iep.author_id == user.pk:
        return AUTHOR_APPROVES.format(user=user)
    named = {" ".join(name.casefold().split()) for name in teachers}
    return TEACHER_APPROVES.format(user=user) if user.get_full_name().casefold() in named else None


def _of_another(iep: Iep) -> str | None:
    """34 CFR 300.323(e): what an earlier district agreed to is adopted, or another IEP is written; what is
    written in it now would be the earlier district's to read.
    """
    place = place_of(iep)
    if iep.district is None or place == iep.district:
        return None
    return f"This IEP is of {iep.district}. Adopt it first, or write a new one."


def _no_words(iep: Iep) -> str | None:
    if iep.is_draft:
        return "This IEP is a draft: write in it as usual."
    return "This IEP is deleted." if iep.status == IepStatus.DELETED else None


def _one_of(user: User, permissions: tuple[Permission, ...], iep: Iep, deed: str) -> str | None:
    place = place_of(iep)
    sentences = [why_not_for(user, each, place, iep.student, deed) for each in permissions]
    return None if None in sentences else sentences[0]


def _refuse_unless_one_of(user: User, permissions: tuple[Permission, ...], iep: Iep, deed: str) -> None:
    if sentence := _one_of(user, permissions, iep, deed):
        raise refusal(sentence, permissions[0], place_of(iep))


MINE, EVERYBODY = "mine", "all"


def whose_to_print(user: User) -> list[tuple[str, str]]:
    """Everybody prints the IEPs of the own caseload; those of others are an export."""
    mine = [(MINE, "Those that I am the case manager of")]
    if not holds_anywhere(user, Permission.EXPORT):
        return mine
    return [*mine, (EVERYBODY, "All IEPs where I may export lists")]


def check_may_print(user: User, whose: str) -> None:
    if whose not in dict(whose_to_print(user)):
        sentence = f"Only {who_can(Permission.EXPORT)} can print the IEPs of others together."
        raise refusal(sentence, Permission.EXPORT, None)
