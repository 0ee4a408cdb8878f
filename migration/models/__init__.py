"""A load run, what it counted, what it found, what it refused, and what it put into the archive."""

from migration.models.archived_record import ArchivedRecord
from migration.models.finding import Finding
from migration.models.legacy_attachment import LegacyAttachment
from migration.models.legacy_user import LegacyUser
from migration.models.load_chunk import LoadChunk
from migration.models.load_run import LoadRun, Phase, RecordCount, RunState
from migration.models.rejected_row import RejectedRow
from migration.models.rollover_calendar import Acceptance, Party, RolloverCalendar
from migration.models.vanished_row import VanishedRow, Why

__all__ = [
    "Acceptance",
    "ArchivedRecord",
    "Finding",
    "LegacyAttachment",
    "LegacyUser",
    "LoadChunk",
    "LoadRun",
    "Party",
    "Phase",
    "RecordCount",
    "RejectedRow",
    "RolloverCalendar",
    "RunState",
    "VanishedRow",
    "Why",
]
