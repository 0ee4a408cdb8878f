"""Stored deadlines, and whose are to be counted again."""

from caseload.models.deadline import Deadline, RecordKind
from caseload.models.dirty_student import DirtyStudent

__all__ = ["Deadline", "DirtyStudent", "RecordKind"]
