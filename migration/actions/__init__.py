"""The verbs of the rollover: start a run, carry it through its phases, go on with an interrupted one."""

from migration.actions.chunks import help_load
from migration.actions.run import roll_over
from migration.actions.start import (
    load_what_was_checked,
    resume_rollover,
    start_from_upload,
    start_rollover,
)

__all__ = [
    "help_load",
    "load_what_was_checked",
    "resume_rollover",
    "roll_over",
    "start_from_upload",
    "start_rollover",
]
