"""Whose records may be seen: the scope of a user, and how it reaches row-level security.

The scope is set with SET LOCAL in the transaction of a request or task; the policies in the database
read it (docs/adr/0005). No scope set shows zero rows.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from security.holdings import holdings_of
from security.models import User
from security.rules.roles import Permission


@dataclass(frozen=True)
class Scope:
    """Districts and sites by id; `everything` for state roles and for the system itself."""

    everything: bool = False
    district_ids: tuple[int, ...] = ()
    site_ids: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.everything or self.district_ids or self.site_ids)


NOTHING = Scope()
EVERYTHING = Scope(everything=True)


def scope_of(user: Any, permission: Permission = Permission.VIEW_STUDENTS) -> Scope:
    """The places at which this user holds the permission."""
    held = holdings_of(user)
    if permission.value in held.statewide:
        return EVERYTHING
    return Scope(
        district_ids=tuple(sorted(held.districts.get(permission.value, ()))),
        site_ids=tuple(sorted(held.sites.get(permission.value, ()))),
    )


def enter(scope: Scope, more: Mapping[str, str] | None = None) -> None:
    """Set the scope for the rest of this transaction; the database forgets it at the end.

    `more` holds other settings that live as long, so that a request sets all of its own in one statement.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A scope lives in a transaction: open one first.")
    settings = {
        "eser.scope": "all" if scope.everything else "some",
        "eser.district_ids": _array(scope.district_ids),
        "eser.site_ids": _array(scope.site_ids),
        **(more or {}),
    }
    calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [text for pair in settings.items() for text in pair])


def current() -> Scope:
    """The scope that this transaction has now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('eser.scope', true), ''),"
            " coalesce(nullif(current_setting('eser.district_ids', true), ''), '{}')::bigint[],"
            " coalesce(nullif(current_setting('eser.site_ids', true), ''), '{}')::bigint[]"
        )
        kind, districts, sites = cursor.fetchone()
    return Scope(kind == "all", tuple(districts), tuple(sites))


@contextmanager
def system() -> Iterator[None]:
    """A transaction of the system itself (tasks, loaders): sees every child."""
    with transaction.atomic(), _during(EVERYTHING):
        yield


@contextmanager
def of(user: User) -> Iterator[Scope]:
    """A transaction in the scope of this user (exports, tasks on a person's behalf)."""
    scope = scope_of(user)
    with transaction.atomic(), _during(scope):
        yield scope


@contextmanager
def elevated() -> Iterator[None]:
    """See every child for one step of a verb whose access is already checked (a transfer)."""
    with transaction.atomic(), _during(EVERYTHING):
        yield


@contextmanager
def _during(scope: Scope) -> Iterator[None]:
    """Set the scope for a part of the transaction; after an exception the rollback sets it back."""
    before = current()
    enter(scope)
    yield
    enter(before)


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"
