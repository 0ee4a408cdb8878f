"""The lines of the desk, open or cleared, as a person asks for them: filtered and sorted."""

from collections.abc import Mapping

from edfi.desk import connections_of, every_trouble_of
from edfi.models import Connection, Needs, Trouble
from edfi.models.trouble import TroubleQuerySet
from security.models import User
from ui.lists import Column, Filter, ListState

COLUMNS = (
    Column("student", "Student", "student__sort_name"),
    Column("reason", "Reason", ("sentence", "about")),
    Column("state", "Now", "resolved_at"),
    Column("count", "Seen", "count", numeric=True),
    Column("first", "Since", "first_seen"),
    Column("who", "Whose", "assigned_to__last_name"),
)


def asked(user: User, query: Mapping[str, str]) -> tuple[ListState, TroubleQuerySet]:
    """(how the list is asked for, its lines in order) among those that the person may see."""
    connections = list(connections_of(user))
    state = ListState.read(query, COLUMNS, filters=_filters(connections), default_sort="-first")
    chosen = state.chosen.get("connection", "")
    named = next((row for row in connections if str(row.pk) == chosen), None)
    connection = named or next(iter(connections), None)
    rows = every_trouble_of(user, connection) if connection else Trouble.objects.none()
    return state, _narrowed(rows, user, state.chosen).order_by(*state.order_by())


def _filters(connections: list[Connection]) -> tuple[Filter, ...]:
    return (
        Filter("connection", "Connection", [(str(row.pk), row.name) for row in connections]),
        Filter("now", "Now", [("", "Open and cleared"), ("open", "Open"), ("cleared", "Cleared")]),
        Filter("needs", "What it needs", [("", "Anything"), *Needs.choices]),
        Filter("whose", "Whose", [("", "Anybody's"), ("mine", "Mine"), ("nobody", "Nobody's")]),
    )


def _narrowed(rows: TroubleQuerySet, user: User, chosen: Mapping[str, str]) -> TroubleQuerySet:
    if now := chosen.get("now"):
        rows = rows.open() if now == "open" else rows.cleared()
    if needs := chosen.get("needs"):
        rows = rows.filter(needs=needs)
    if whose := chosen.get("whose"):
        rows = rows.filter(assigned_to=user if whose == "mine" else None)
    return rows
