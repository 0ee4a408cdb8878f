"""Who may run the rollover, accept it, and follow its calendar."""

from typing import Any

from migration.models import Party
from security import access
from security.refusals import NotAllowed
from security.rules.roles import Permission

ACCEPTS = {Party.SEA: Permission.RUN_ROLLOVER, Party.VENDOR: Permission.ACCEPT_ROLLOVER}
FOLLOW = (Permission.RUN_ROLLOVER, Permission.ACCEPT_ROLLOVER)


def check_may_run(user: Any) -> None:
    """Raises NotAllowed."""
    access.check(user, Permission.RUN_ROLLOVER, None, "run the rollover")


def check_may_follow(user: Any) -> None:
    """The state runs the rollover, the vendor accepts it: both see the calendar, and no student on it."""
    if not any(access.holds(user, permission, None) for permission in FOLLOW):
        who = " or ".join(access.who_can(permission, everywhere=True) for permission in FOLLOW)
        raise NotAllowed(f"Only {who} can follow the calendar of the rollover.")


def parties_of(user: Any) -> list[Party]:
    """For whom this person can accept a run: the vendor is a person with the statewide support role."""
    return [party for party, permission in ACCEPTS.items() if access.holds(user, permission, None)]


def check_may_accept(user: Any, party: Party) -> None:
    """Raises NotAllowed."""
    access.check(user, ACCEPTS[party], None, f"accept a run for the {party.label}")
