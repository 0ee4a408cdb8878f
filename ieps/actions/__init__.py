"""What can be done with an IEP."""

from ieps.actions.amend import begin_amendment
from ieps.actions.attach import attach
from ieps.actions.bank import (
    Imported,
    import_statements,
    insert_words,
    keep_from_iep,
    keep_statement,
    of_no_child,
    retire_statement,
)
from ieps.actions.carry_forward import carry_forward, look_at
from ieps.actions.check_out import TakenOut, give_back, leave, take_away, take_out
from ieps.actions.checklist import answer_checklist
from ieps.actions.correct import correct
from ieps.actions.delete import ask_deletion, decide_deletion
from ieps.actions.detach import detach
from ieps.actions.draft import discard_draft, start_draft
from ieps.actions.fill_in import fill_in
from ieps.actions.hand_over import hand_over
from ieps.actions.lines import add_line, choose_section, move_line, put_line_back, remove_line
from ieps.actions.measure import Measured, measure, withdraw_measurement
from ieps.actions.official import make_official, settle
from ieps.actions.print_many import ask_for_prints, write_prints
from ieps.actions.receive import (
    Comparable,
    Outside,
    adopt,
    begin_comparable,
    begin_review_from,
    end_comparable,
    take_in_outside,
)
from ieps.actions.report_progress import Progress, issue_progress, save_progress
from ieps.actions.save_text import Conflict, choose_text, save_text
from ieps.actions.sign import Given, approve, sign

__all__ = [
    "Comparable",
    "Conflict",
    "Given",
    "Imported",
    "Measured",
    "Outside",
    "Progress",
    "TakenOut",
    "add_line",
    "adopt",
    "answer_checklist",
    "approve",
    "ask_deletion",
    "ask_for_prints",
    "attach",
    "begin_amendment",
    "begin_comparable",
    "begin_review_from",
    "carry_forward",
    "choose_section",
    "choose_text",
    "detach",
    "correct",
    "decide_deletion",
    "discard_draft",
    "end_comparable",
    "fill_in",
    "give_back",
    "hand_over",
    "import_statements",
    "insert_words",
    "issue_progress",
    "keep_from_iep",
    "keep_statement",
    "leave",
    "look_at",
    "make_official",
    "measure",
    "move_line",
    "of_no_child",
    "put_line_back",
    "remove_line",
    "retire_statement",
    "save_progress",
    "save_text",
    "settle",
    "sign",
    "start_draft",
    "take_away",
    "take_in_outside",
    "take_out",
    "withdraw_measurement",
    "write_prints",
]
