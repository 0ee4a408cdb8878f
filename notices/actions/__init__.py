"""What can be done about notices, contacts and requests for records."""

from notices.actions.contact import log_contact
from notices.actions.deliver import Handed, deliver
from notices.actions.issue import issue
from notices.actions.records import Asked, answer_records_request, take_records_request
from notices.actions.write import Typed, change, discard, draft

__all__ = [
    "Asked",
    "Handed",
    "Typed",
    "answer_records_request",
    "change",
    "deliver",
    "discard",
    "draft",
    "issue",
    "log_contact",
    "take_records_request",
]
