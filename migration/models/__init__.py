"""A load run with what it counted and found; work on findings; its calendar; the archive and its requests."""

from migration.models.archive_request import ArchiveRequest, ArchiveVisit
from migration.models.archived_record import ArchivedRecord
from migration.models.archived_student import ArchivedStudent
from migration.models.code_map import CodeMap, CodeSet
from migration.models.duplicate import DuplicateGroup, DuplicateRecord, Verdict
from migration.models.finding import Finding
from migration.models.finding_case import CLOSED_BY_A_PERSON, CaseState, CaseStep, Deed, FindingCase
from migration.models.kept_row import KeptRow
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
    "CLOSED_BY_A_PERSON",
    "CaseState",
    "CaseStep",
    "CodeMap",
    "CodeSet",
    "Deed",
    "DuplicateGroup",
    "DuplicateRecord",
    "Finding",
    "FindingCase",
    "KeptRow",
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
    "Verdict",
    "Why",
]
