"""The verbs of the rollover: plan, run, accept, go live, roll back; sample sheet; archive."""

from migration.actions.accept import accept_run
from migration.actions.archive import (
    approve_archive_request,
    ask_for_archive,
    note_reconciled,
    read_archive,
    refuse_archive_request,
)
from migration.actions.chunks import help_load
from migration.actions.go_live import go_live
from migration.actions.plan import plan_rollover, shut_by_hand
from migration.actions.roll_back import roll_back
from migration.actions.run import roll_over
from migration.actions.sample import decide_mismatch, make_sample_sheet, sign_sample_sheet
from migration.actions.start import load_what_was_checked, resume_rollover, start_from_upload, start_rollover

__all__ = [
    "accept_run",
    "approve_archive_request",
    "ask_for_archive",
    "decide_mismatch",
    "go_live",
    "help_load",
    "load_what_was_checked",
    "make_sample_sheet",
    "note_reconciled",
    "plan_rollover",
    "read_archive",
    "refuse_archive_request",
    "resume_rollover",
    "roll_back",
    "roll_over",
    "shut_by_hand",
    "sign_sample_sheet",
    "start_from_upload",
    "start_rollover",
]
