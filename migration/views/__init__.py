"""Pages of the rollover."""

from migration.views.calendar import accept_for, back, calendar, live, plan, shut
from migration.views.legacy_users import legacy_users
from migration.views.rows import findings, rejected, vanished
from migration.views.run import go_on, load_checked, progress, reconciliation_csv, run
from migration.views.runs import runs

__all__ = [
    "accept_for",
    "back",
    "calendar",
    "findings",
    "go_on",
    "legacy_users",
    "live",
    "load_checked",
    "plan",
    "progress",
    "reconciliation_csv",
    "rejected",
    "run",
    "runs",
    "shut",
    "vanished",
]
