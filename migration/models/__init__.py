"""A load run with what it counted, found and refused; its calendar; the archive and its requests."""

from migration.models.archive_request import ArchiveRequest, ArchiveVisit
from migration.models.archived_record import ArchivedRecord
from migration.models.archived_student import ArchivedStudent
from migration.models.finding import Finding
from migration.models.legacy_attachment import LegacyAttachment
from migration.models.legacy_user import LegacyUser
from migration.models.load_chunk import LoadChunk
from migration.models.load_run import LoadRun, Phase, RecordCount, RunState
from migration.models.party import Party
from migration.models.rejected_row import RejectedRow
from migration.models.rollover_calendar import Acceptance, RolloverCalendar
from migration.models.sample_sheet import SampleMismatch, SampleSheet, SampleSignature, SampleStudent
from migration.models.vanished_row import VanishedRow, Why

__all__ = [
    "Acceptance",
    "ArchiveRequest",
    "ArchiveVisit",
    "ArchivedRecord",
    "ArchivedStudent",
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
    "SampleMismatch",
    "SampleSheet",
    "SampleSignature",
    "SampleStudent",
    "VanishedRow",
    "Why",
]
