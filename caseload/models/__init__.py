"""Stored deadlines, whose are to be counted again, and how people are reminded of them."""

from caseload.models.deadline import Deadline, RecordKind
from caseload.models.dirty_student import DirtyStudent
from caseload.models.reminders import CalendarFeed, ReminderChoice

__all__ = ["CalendarFeed", "Deadline", "DirtyStudent", "RecordKind", "ReminderChoice"]
