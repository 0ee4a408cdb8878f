"""What reports keep: saved reports and waiting exports, figures, frozen counts, and state settings."""

from reports.models.day_count import DayCount
from reports.models.disproportionality import DisproportionalitySettings
from reports.models.export_request import ExportRequest
from reports.models.post_school_outcome import PostSchoolOutcome
from reports.models.saved_report import Every, SavedReport
from reports.models.snapshot import Kind, Snapshot, SnapshotState
from reports.models.snapshot_child import SnapshotChild
from reports.models.snapshot_words import Comment, Takeover

__all__ = [
    "Comment",
    "DayCount",
    "DisproportionalitySettings",
    "Every",
    "ExportRequest",
    "Kind",
    "PostSchoolOutcome",
    "SavedReport",
    "Snapshot",
    "SnapshotChild",
    "SnapshotState",
    "Takeover",
]
