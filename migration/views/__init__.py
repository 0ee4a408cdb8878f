"""Pages of the rollover."""

from migration.views.rows import findings, rejected
from migration.views.run import go_on, progress, reconciliation_csv, run
from migration.views.runs import runs

__all__ = ["findings", "go_on", "progress", "reconciliation_csv", "rejected", "run", "runs"]
