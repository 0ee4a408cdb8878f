"""What can be done with an evaluation."""

from evaluations.actions.components import (
    Assessed,
    assign_component,
    complete_component,
    give_on_component,
    reopen_component,
    take_back_component,
    write_component,
)
from evaluations.actions.consent import (
    receive_consent,
    refuse_consent,
    request_consent,
    revoke_consent,
    tell_no_assessment,
)
from evaluations.actions.discard import discard
from evaluations.actions.extension import Longer, ask_extension, decide_extension
from evaluations.actions.hand_over import hand_over
from evaluations.actions.lock import lock, unlock
from evaluations.actions.record_determination import Determination, record_determination
from evaluations.actions.refer import refer
from evaluations.actions.refer_unenrolled import refer_unenrolled
from evaluations.actions.report import give_copy, give_out
from evaluations.actions.team import Member, leave_out_member, record_meeting, record_member
from evaluations.actions.waive import Agreement, waive
from evaluations.actions.write_section import Conflict, choose_text, write_section

__all__ = [
    "Agreement",
    "Assessed",
    "Conflict",
    "Determination",
    "Longer",
    "Member",
    "ask_extension",
    "assign_component",
    "choose_text",
    "complete_component",
    "decide_extension",
    "discard",
    "give_on_component",
    "give_copy",
    "give_out",
    "leave_out_member",
    "hand_over",
    "lock",
    "receive_consent",
    "record_determination",
    "record_meeting",
    "record_member",
    "refer",
    "refer_unenrolled",
    "refuse_consent",
    "reopen_component",
    "request_consent",
    "revoke_consent",
    "take_back_component",
    "tell_no_assessment",
    "unlock",
    "waive",
    "write_component",
    "write_section",
]
