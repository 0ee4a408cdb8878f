"""Pages of the rollover."""

from migration.views.archive import archive, archive_visits, archived
from migration.views.archive_request import archive_records, archive_request, print_archive
from migration.views.calendar import accept_for, back, calendar, live, plan, shut
from migration.views.cases import case, cases, cases_file, give_case, hand_over_cases
from migration.views.duplicates import duplicate, duplicates
from migration.views.legacy_users import legacy_users
from migration.views.maps import code_maps, map_a_code, run_again, unmap
from migration.views.over_runs import findings_over_runs
from migration.views.records import line, records
from migration.views.report import reconciliation_csv, report
from migration.views.rows import findings, kept, rejected, vanished
from migration.views.run import go_on, load_checked, progress, run
from migration.views.run_findings import run_findings
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
    "case",
    "cases",
    "cases_file",
    "code_maps",
    "decide_sample",
    "duplicate",
    "duplicates",
    "findings",
    "findings_over_runs",
    "give_case",
    "go_on",
    "hand_over_cases",
    "kept",
    "legacy_users",
    "line",
    "live",
    "load_checked",
    "map_a_code",
    "plan",
    "print_archive",
    "print_sample",
    "progress",
    "reconciliation_csv",
    "records",
    "rejected",
    "report",
    "run",
    "run_again",
    "run_findings",
    "runs",
    "sample",
    "shut",
    "sign_sample",
    "unmap",
    "vanished",
]
