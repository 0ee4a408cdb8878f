"""Which tables the rule book holds: each app names its own, and they are all read at start."""

import caseload.rules
import edfi.rules
import enrollment.rules
import evaluations.rules
import ieps.rules
import migration.rules
import notices.rules
import organizations.rules
import reports.rules
import security.rules
import students.rules
from rulebook.registry import read_all, register

OWNERS = (
    organizations.rules,
    security.rules,
    students.rules,
    enrollment.rules,
    evaluations.rules,
    notices.rules,
    ieps.rules,
    migration.rules,
    edfi.rules,
    caseload.rules,
    reports.rules,
)


def open_rule_book() -> int:
    """Registers and reads every table; returns the number of rows. Raises BadTable at the first bad cell."""
    for owner in OWNERS:
        register(owner.TABLES)
    return read_all()
