"""At which places a person may see a list, and at which they may take it away as a file."""

from functools import reduce
from typing import Any

from reports.lists.listing import List
from security.access import holds_anywhere, who_can
from security.rules.roles import Permission
from security.scope import EVERYTHING, Scope, both, scope_of


def may_see(user: Any, found: List) -> bool:
    return holds_anywhere(user, found.needs)


def why_not_export(user: Any, found: List) -> str | None:
    """A sentence when this person may not export this list anywhere."""
    if holds_anywhere(user, Permission.EXPORT):
        return None
    return f"Only {who_can(Permission.EXPORT)} can export a list."


def why_not_take(user: Any, found: List) -> str | None:
    """The same when a worker comes to it: by then the list itself may be out of reach."""
    if not user.is_active:
        return "The account is closed."
    if not may_see(user, found):
        return f"Only {who_can(found.needs)} can see this list."
    return why_not_export(user, found)


def view_scope(user: Any, found: List) -> Scope:
    return both(user.scope(), scope_of(user, found.needs))


def export_scope(user: Any, found: List) -> Scope:
    """Only places where both seeing and exporting are granted."""
    return reduce(both, (scope_of(user, p) for p in {found.needs, Permission.EXPORT}), EVERYTHING)
