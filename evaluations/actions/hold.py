"""Take an evaluation in hand: nobody else changes it until the end of the transaction."""

from django.utils import timezone

from evaluations import access
from evaluations.models import Evaluation
from evaluations.rules.codes import evaluation_type
from organizations.rules.calendar import in_words
from security import scope
from security.refusals import RuleBroken, Stale

CHANGED_MEANWHILE = (
    "Somebody else changed this evaluation while you had it open. Nothing of theirs was overwritten. "
    "Look at it as it is now, then do this again."
)


def hold(evaluation: Evaluation, seen: int | None) -> Evaluation:
    """The row as it is now, locked for update. `seen` is the version that the person looked at.

    Raises Stale when it has moved on since.
    """
    rows = Evaluation.objects.select_for_update(of=("self",)).select_related("student", "district__state")
    fresh = rows.get(pk=evaluation.pk)
    if seen is not None and seen != fresh.version:
        raise Stale(CHANGED_MEANWHILE)
    come_along(fresh)
    return fresh


def come_along(evaluation: Evaluation) -> None:
    """What one district began another one finishes (34 CFR 300.301(d)(2)): with the first deed it is theirs.

    So the earlier district reads nothing written after its time. What is locked stays with who locked it.
    """
    place = access.responsible_today(evaluation.student)
    if evaluation.locked or place is None or place.pk == evaluation.district_id:
        return
    evaluation.district = place
    with scope.elevated():  # whether this person may is asked next; a refusal takes it back
        evaluation.save(update_fields=["district"])


def keep(evaluation: Evaluation, *fields: str) -> Evaluation:
    evaluation.version += 1
    evaluation.save(update_fields=[*fields, "version", "modified_at"])
    return evaluation


def refuse_future(day, what: str, field: str) -> None:
    if day > timezone.localdate():
        raise RuleBroken(f"The {what} is in the future.", field)


def refuse_before(day, earlier, what: str, than: str, field: str) -> None:
    if earlier and day < earlier:
        raise RuleBroken(f"The {what} is before the {than} of {in_words(earlier)}.", field)


def refuse_when_withdrawn(evaluation: Evaluation) -> None:
    if evaluation.consent_revoked_on:
        day = in_words(evaluation.consent_revoked_on)
        raise RuleBroken(f"The parents withdrew their consent on {day}: this evaluation has ended.")


def refuse_unless_consent_is_asked(evaluation: Evaluation) -> None:
    if not evaluation.needs_consent:
        name = evaluation_type(evaluation.kind).name
        raise RuleBroken(f"No consent is asked for this type: {name}.")
