"""Pages of the rollover."""

from migration.views.rows import findings, rejected, vanished
from migration.views.run import go_on, load_checked, progress, reconciliation_csv, run
from migration.views.runs import runs

__all__ = [
    "findings",
    "go_on",
    "load_checked",
    "progress",
    "reconciliation_csv",
    "rejected",
    "run",
    "runs",
    "vanished",
]
