"""How far an evaluation has come: the stages that its page shows as steps."""

from enum import StrEnum

from evaluations.models import Evaluation


class Stage(StrEnum):
    REFERRED = "referred"
    CONSENT_REQUESTED = "consent requested"
    CONSENT_RECEIVED = "consent received"
    DETERMINED = "determined"
    LOCKED = "locked"


def stage_of(evaluation: Evaluation) -> Stage:
    """The last stage reached."""
    if evaluation.locked:
        return Stage.LOCKED
    if evaluation.outcome:
        return Stage.DETERMINED
    if evaluation.consent_date:
        return Stage.CONSENT_RECEIVED
    if evaluation.consent_requested_on:
        return Stage.CONSENT_REQUESTED
    return Stage.REFERRED


def next_of(evaluation: Evaluation) -> Stage | None:
    """The stage to come; consent is passed over where none is needed. None when locked."""
    reached = stage_of(evaluation)
    if reached is Stage.REFERRED and not evaluation.needs_consent:
        return Stage.DETERMINED
    order = list(Stage)
    return None if reached is Stage.LOCKED else order[order.index(reached) + 1]
