"""What can be done with an IEP."""

from ieps.actions.check_out import TakenOut, give_back, leave, take_away, take_out
from ieps.actions.copy import copy_content
from ieps.actions.draft import discard_draft, start_draft
from ieps.actions.hand_over import hand_over
from ieps.actions.lines import add_line, choose_section, put_line_back, remove_line
from ieps.actions.save_text import Conflict, choose_text, save_text

__all__ = [
    "Conflict",
    "TakenOut",
    "add_line",
    "choose_section",
    "choose_text",
    "copy_content",
    "discard_draft",
    "give_back",
    "hand_over",
    "leave",
    "put_line_back",
    "remove_line",
    "save_text",
    "start_draft",
    "take_away",
    "take_out",
]
