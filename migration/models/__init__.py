"""A load run, what it counted, what it found, what it refused, and what it put into the archive."""

from migration.models.archived_record import ArchivedRecord
from migration.models.finding import Finding
from migration.models.load_run import LoadRun, Phase, RecordCount, RunState
from migration.models.rejected_row import RejectedRow

__all__ = ["ArchivedRecord", "Finding", "LoadRun", "Phase", "RecordCount", "RejectedRow", "RunState"]
