"""Entering, exiting, not showing up, and the life of an exit until nothing is pending."""

from enrollment.actions.duties import finish_duty
from enrollment.actions.end_after_exit import end_after_exit
from enrollment.actions.enter import Papers, enter_student
from enrollment.actions.exit import exit_student, mark_no_show
from enrollment.actions.exit_reason import record_exit_reason
from enrollment.actions.move import move_to_school
from enrollment.actions.nonpublic import transfer_to_nonpublic
from enrollment.actions.notice import (
    Attempt,
    answer_part_c,
    issue_exit_notice,
    keep_attempt,
    record_contact_attempt,
)
from enrollment.actions.papers import (
    decide_paper,
    declare_no_documentation,
    hand_in_paper,
    lift_default,
    verify_credential,
)
from enrollment.actions.seats import decide_not_to_return
from enrollment.actions.special_education import end_special_education, go_on_with_special_education
from enrollment.actions.stages import attend
from enrollment.actions.support import (
    add_to_request,
    answer_request,
    ask_the_state,
    request_administrative_exit,
    withdraw_request,
)

__all__ = [
    "Attempt",
    "Papers",
    "add_to_request",
    "answer_part_c",
    "answer_request",
    "ask_the_state",
    "attend",
    "decide_not_to_return",
    "decide_paper",
    "declare_no_documentation",
    "end_after_exit",
    "end_special_education",
    "enter_student",
    "exit_student",
    "finish_duty",
    "go_on_with_special_education",
    "hand_in_paper",
    "issue_exit_notice",
    "lift_default",
    "mark_no_show",
    "move_to_school",
    "keep_attempt",
    "record_contact_attempt",
    "record_exit_reason",
    "request_administrative_exit",
    "transfer_to_nonpublic",
    "verify_credential",
    "withdraw_request",
]
