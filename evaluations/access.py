"""What this person may do with this evaluation: one sentence for the button, the page and the API."""

from django.utils import timezone

from evaluations.models import Component, Evaluation
from evaluations.rules import locking
from organizations.models import District
from security.access import why_not
from security.models import DistrictGrant, SiteGrant, User
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission
from students.access import NOBODY_ANSWERS, responsible_today, why_not_for
from students.models import Student
from ui.parts import Way

COPYING = "record whom a report went to"
LOCKED = "The evaluation is locked. Unlock it first, with a reason."


def place_of(evaluation: Evaluation) -> District | None:
    return responsible_today(evaluation.student) or evaluation.district


def why_may_not(
    user: User, permission: Permission, evaluation: Evaluation, deed: str, place: District | None = None
) -> str | None:
    """Only whether this person may, whatever the state of the evaluation. `place` where it is known."""
    return why_not_for(user, permission, place or place_of(evaluation), evaluation.student, deed)


def why_not_refer(user: User, student: Student) -> str | None:
    place = responsible_today(student)
    return why_not_for(user, Permission.REFER, place, student, "refer a student") or (
        None if place else NOBODY_ANSWERS
    )


def why_not_edit(user: User, evaluation: Evaluation) -> str | None:
    return why_may_not(user, Permission.EDIT_EVALUATION, evaluation, "change an evaluation") or _locked(
        evaluation
    )


def why_not_give_copy(user: User, evaluation: Evaluation) -> str | None:
    """Also of a locked report: what it says stays as it is."""
    return why_may_not(user, Permission.EDIT_EVALUATION, evaluation, COPYING)


def why_not_lock(user: User, evaluation: Evaluation) -> str | None:
    return why_may_not(user, Permission.LOCK_EVALUATION, evaluation, "lock an evaluation") or why_not_ready(
        evaluation
    )


def why_not_unlock(user: User, evaluation: Evaluation) -> str | None:
    if sentence := why_may_not(user, Permission.UNLOCK_EVALUATION, evaluation, "unlock an evaluation"):
        return sentence
    return None if evaluation.locked else "The evaluation is not locked."


def evaluators_for(evaluation: Evaluation) -> list[User]:
    """Who assesses students of the district that answers for this one, by name."""
    at = place_of(evaluation)
    granted = {"permission__codename": Permission.ASSESS.value}
    ids = (
        DistrictGrant.objects.filter(content_object=at, **granted)
        .values("user_id")
        .union(SiteGrant.objects.filter(content_object__district=at, **granted).values("user_id"))
    )
    return list(User.objects.filter(pk__in=ids, is_active=True).order_by("last_name", "first_name"))


def why_not_assess(user: User, evaluation: Evaluation) -> str | None:
    """Whether this person may write in the report of this evaluation."""
    return why_may_not(user, Permission.ASSESS, evaluation, "write in this report") or _locked(evaluation)


def why_not_complete(user: User, component: Component) -> str | None:
    """The part of an evaluator is the evaluator's own, and nobody else's."""
    if component.evaluator_id != user.pk:
        return f"Only {component.evaluator}, to whom it was given, writes and completes this component."
    return why_may_not(user, Permission.ASSESS, component.evaluation, "complete a component") or _locked(
        component.evaluation
    )


def why_not_give_on(user: User, component: Component) -> str | None:
    """To another evaluator: only what its own can no longer write or open again."""
    if sentence := why_not_edit(user, component.evaluation):
        return sentence
    if why_may_not(component.evaluator, Permission.ASSESS, component.evaluation, "assess a student"):
        return None
    return f"{component.evaluator} still assesses students here, and opens it again to correct it."


def why_not_hand_over(user: User, evaluation: Evaluation, place: District | None = None) -> str | None:
    deed = "hand an evaluation to somebody else"
    return why_may_not(user, Permission.REASSIGN, evaluation, deed, place) or _locked(evaluation)


def why_not_coordinate(user: User, evaluation: Evaluation) -> str | None:
    """Whether an evaluation can be handed to this person."""
    if evaluation.coordinator_id == user.pk:
        return f"{user} coordinates it already."
    if not user.is_active:
        return f"The account of {user} is closed."
    sentence = why_may_not(user, Permission.EDIT_EVALUATION, evaluation, "coordinate an evaluation")
    return sentence and f"{sentence} {user} is none there."


def why_not_ready(evaluation: Evaluation) -> str | None:
    """What is missing or contradicts; asked of the rules."""
    if evaluation.locked:
        return "The evaluation is locked already."
    return locking.why_not_lock(evaluation.facts(), timezone.localdate())


def why_not_decide_extension(user: User, evaluation: Evaluation) -> str | None:
    deed = "decide about an extension"
    return why_may_not(user, Permission.DECIDE_EXTENSIONS, evaluation, deed) or _locked(evaluation)


def check_may_refer(user: User, student: Student) -> None:
    place = responsible_today(student)
    if sentence := why_not_for(user, Permission.REFER, place, student, "refer a student"):
        raise refusal(sentence, Permission.REFER, place)
    if place is None:
        raise RuleBroken(NOBODY_ANSWERS)


def check_may_refer_at(user: User, district: District) -> None:
    """A child who is in no school yet, and so has no other place to ask about."""
    if sentence := why_not(user, Permission.REFER, district, "refer a student"):
        raise refusal(sentence, Permission.REFER, district)


def check_may_edit(user: User, evaluation: Evaluation) -> None:
    _check_permission(user, Permission.EDIT_EVALUATION, evaluation, "change an evaluation")
    _refuse(_locked(evaluation))


def check_may_give_copy(user: User, evaluation: Evaluation) -> District:
    """The district that gives it."""
    _check_permission(user, Permission.EDIT_EVALUATION, evaluation, COPYING)
    place = place_of(evaluation)
    if place is None:
        raise RuleBroken(NOBODY_ANSWERS)
    return place


def check_may_assess(user: User, evaluation: Evaluation) -> None:
    _check_permission(user, Permission.ASSESS, evaluation, "write in this report")
    _refuse(_locked(evaluation))


def check_may_complete(user: User, component: Component) -> None:
    _refuse(_locked(component.evaluation))
    if sentence := why_not_complete(user, component):
        raise refusal(sentence, Permission.ASSESS, place_of(component.evaluation))


def check_may_give_on(user: User, component: Component) -> None:
    check_may_edit(user, component.evaluation)
    _refuse(why_not_give_on(user, component))


def check_may_hand_over(user: User, evaluation: Evaluation) -> None:
    _check_permission(user, Permission.REASSIGN, evaluation, "hand an evaluation to somebody else")
    _refuse(_locked(evaluation))


def check_may_lock(user: User, evaluation: Evaluation) -> None:
    _check_permission(user, Permission.LOCK_EVALUATION, evaluation, "lock an evaluation")
    _refuse(why_not_ready(evaluation))


def check_may_unlock(user: User, evaluation: Evaluation) -> None:
    _check_permission(user, Permission.UNLOCK_EVALUATION, evaluation, "unlock an evaluation")
    _refuse(why_not_unlock(user, evaluation))


def check_may_decide_extension(user: User, evaluation: Evaluation) -> None:
    _check_permission(user, Permission.DECIDE_EXTENSIONS, evaluation, "decide about an extension")
    _refuse(_locked(evaluation))


def refusal(sentence: str, permission: Permission, place: District | None) -> NotAllowed:
    """The refusal with the people at this place who can."""
    refused = NotAllowed(sentence)
    refused.ways = [
        _who_can_help(permission, place),
        Way("Go back.", "Nothing was changed.", icon="arrow_back"),
    ]
    return refused


def _who_can_help(permission: Permission, place: District | None) -> Way:
    granted = DistrictGrant.objects.filter(permission__codename=permission.value, content_object=place)
    names = [str(grant.user) for grant in granted.select_related("user").order_by("user__last_name")[:3]]
    if not names:
        return Way("Ask for the access.", "Your special education supervisor approves it.", icon="people")
    return Way("Ask somebody who can.", f"{' and '.join(names)} can do this.", icon="people")


def _check_permission(user: User, permission: Permission, evaluation: Evaluation, deed: str) -> None:
    if sentence := why_may_not(user, permission, evaluation, deed):
        raise refusal(sentence, permission, place_of(evaluation))


def _locked(evaluation: Evaluation) -> str | None:
    return LOCKED if evaluation.locked else None


def _refuse(sentence: str | None) -> None:
    if sentence:
        raise RuleBroken(sentence)
