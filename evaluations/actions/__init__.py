"""What can be done with an evaluation."""

from evaluations.actions.consent import receive_consent, request_consent
from evaluations.actions.discard import discard
from evaluations.actions.lock import lock, unlock
from evaluations.actions.record_determination import Determination, record_determination
from evaluations.actions.refer import refer

__all__ = [
    "Determination",
    "discard",
    "lock",
    "receive_consent",
    "record_determination",
    "refer",
    "request_consent",
    "unlock",
]
