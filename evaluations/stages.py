"""How far an evaluation has come: its stage, as the table of stages has it."""

from evaluations.models import Evaluation
from evaluations.rules import stages
from evaluations.rules.codes import outcome
from evaluations.rules.stages import Reached, Stage


def stage_of(evaluation: Evaluation) -> Stage:
    """The last stage reached."""
    found = outcome(evaluation.outcome)
    return stages.stage_of(
        Reached(
            asked=evaluation.consent_requested_on is not None,
            refused=evaluation.consent_refused_on is not None,
            consented=evaluation.consent_date is not None,
            met=evaluation.met_on is not None,
            determines=found.determines if found else None,
            locked=evaluation.locked,
        )
    )


def next_of(evaluation: Evaluation) -> Stage | None:
    """The stage to come; consent is passed over where none is needed."""
    return stages.next_of(stage_of(evaluation), evaluation.needs_consent)
