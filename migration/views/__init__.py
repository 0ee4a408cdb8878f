"""Pages of the rollover."""

from migration.views.archive import archive, archive_visits, archived
from migration.views.archive_request import archive_records, archive_request, print_archive
from migration.views.calendar import accept_for, back, calendar, live, plan, shut
from migration.views.legacy_users import legacy_users
from migration.views.records import line, records
from migration.views.report import reconciliation_csv, report
from migration.views.rows import findings, rejected, vanished
from migration.views.run import go_on, load_checked, progress, run
from migration.views.runs import runs
from migration.views.sample import decide_sample, print_sample, sample, sign_sample

__all__ = [
    "accept_for",
    "archive",
    "archive_records",
    "archive_request",
    "archive_visits",
    "archived",
    "back",
    "calendar",
    "decide_sample",
    "findings",
    "go_on",
    "legacy_users",
    "line",
    "live",
    "load_checked",
    "plan",
    "print_archive",
    "print_sample",
    "progress",
    "reconciliation_csv",
    "records",
    "rejected",
    "report",
    "run",
    "runs",
    "sample",
    "shut",
    "sign_sample",
    "vanished",
]
