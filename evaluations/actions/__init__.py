"""What can be done with an evaluation."""

from evaluations.actions.consent import receive_consent, refuse_consent, request_consent, revoke_consent
from evaluations.actions.discard import discard
from evaluations.actions.extension import Longer, ask_extension, decide_extension
from evaluations.actions.lock import lock, unlock
from evaluations.actions.record_determination import Determination, record_determination
from evaluations.actions.refer import refer
from evaluations.actions.report import give_out

__all__ = [
    "Determination",
    "Longer",
    "ask_extension",
    "decide_extension",
    "discard",
    "give_out",
    "lock",
    "receive_consent",
    "record_determination",
    "refer",
    "refuse_consent",
    "request_consent",
    "revoke_consent",
    "unlock",
]
