"""What can be done about notices, contacts and requests for records."""

from notices.actions.contact import log_contact
from notices.actions.deliver import Handed, deliver
from notices.actions.issue import issue, issue_from_record
from notices.actions.records import Asked, answer_records_request, take_records_request
from notices.actions.services import SignedAnswer, answer_services, end_services, revoke_services
from notices.actions.write import Typed, change, discard, draft

__all__ = [
    "Asked",
    "Handed",
    "SignedAnswer",
    "Typed",
    "answer_records_request",
    "answer_services",
    "change",
    "deliver",
    "discard",
    "draft",
    "end_services",
    "issue",
    "issue_from_record",
    "log_contact",
    "revoke_services",
    "take_records_request",
]
