"""Who may run the rollover: state administrators."""

from typing import Any

from security import access
from security.rules.roles import Permission


def why_not_run(user: Any) -> str | None:
    return access.why_not(user, Permission.RUN_ROLLOVER, None, "run the rollover")


def check_may_run(user: Any) -> None:
    """Raises NotAllowed."""
    access.check(user, Permission.RUN_ROLLOVER, None, "run the rollover")
