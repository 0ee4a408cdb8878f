"""Pages of the rollover."""

from migration.views.archive import archive, archive_visits, archived
from migration.views.archive_request import archive_records, archive_request, print_archive
from migration.views.calendar import accept_for, back, calendar, live, plan, shut
from migration.views.legacy_users import legacy_users
from migration.views.rows import findings, rejected, vanished
from migration.views.run import go_on, load_checked, progress, reconciliation_csv, run
from migration.views.runs import runs

__all__ = [
    "accept_for",
    "archive",
    "archive_records",
    "archive_request",
    "archive_visits",
    "archived",
    "back",
    "calendar",
    "findings",
    "go_on",
    "legacy_users",
    "live",
    "load_checked",
    "plan",
    "print_archive",
    "progress",
    "reconciliation_csv",
    "rejected",
    "run",
    "runs",
    "shut",
    "vanished",
]
