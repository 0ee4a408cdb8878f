"""What reports keep: the numbers of each day, what a count froze and was said about it, and state settings."""

from reports.models.day_count import DayCount
from reports.models.disproportionality import DisproportionalitySettings
from reports.models.snapshot import Kind, Snapshot, SnapshotState
from reports.models.snapshot_child import SnapshotChild
from reports.models.snapshot_words import Comment, Takeover

__all__ = [
    "Comment",
    "DayCount",
    "DisproportionalitySettings",
    "Kind",
    "Snapshot",
    "SnapshotChild",
    "SnapshotState",
    "Takeover",
]
