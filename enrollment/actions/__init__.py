"""Entering, exiting, not showing up."""

from enrollment.actions.enter import Papers, enter_student
from enrollment.actions.exit import exit_student, mark_no_show

__all__ = ["Papers", "enter_student", "exit_student", "mark_no_show"]
