"""Who may run the rollover: state administrators."""

from typing import Any

from security import access
from security.rules.roles import Permission


def check_may_run(user: Any) -> None:
    """Raises NotAllowed."""
    access.check(user, Permission.RUN_ROLLOVER, None, "run the rollover")
