"""Whose records may be seen: the scope of a user, and how it reaches row-level security.

The scope is set with SET LOCAL in the transaction of a request or task; the policies in the database
read it (docs/adr/0005). No scope set shows zero rows.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from organizations.rules.profiles import Profile, state_profile
from security import asked_often
from security.holdings import Holdings, ask_again, holdings_of
from security.models import User
from security.rules.roles import Permission
from security.rules.roll_up import is_rolled_up


@dataclass(frozen=True)
class Scope:
    """Districts and sites by id; `everything` for state roles and for the system itself.

    `rolled_up`: a district also reaches its children at nonpublic and early childhood sites (ROL-01).
    """

    everything: bool = False
    district_ids: tuple[int, ...] = ()
    site_ids: tuple[int, ...] = ()
    rolled_up: bool = True

    @property
    def is_empty(self) -> bool:
        return not (self.everything or self.district_ids or self.site_ids)


NOTHING = Scope()
EVERYTHING = Scope(everything=True)


def scope_of(
    user: Any, permission: Permission = Permission.VIEW_STUDENTS, at: datetime | None = None
) -> Scope:
    """The places at which this user holds the permission; `at` only decides whether they are rolled up."""
    held = holdings_of(user)
    if permission.value in held.statewide:
        return EVERYTHING
    return Scope(
        district_ids=tuple(sorted(held.districts.get(permission.value, ()))),
        site_ids=tuple(sorted(held.sites.get(permission.value, ()))),
        rolled_up=_rolled_up(held, at),
    )


def both(one: Scope, other: Scope) -> Scope:
    """The places that lie in both scopes; before the cut-over as far as both reach."""
    if one.everything or other.everything:
        return other if one.everything else one
    return Scope(
        district_ids=tuple(sorted(set(one.district_ids) & set(other.district_ids))),
        site_ids=tuple(sorted(set(one.site_ids) & set(other.site_ids))),
        rolled_up=one.rolled_up and other.rolled_up,
    )


def _rolled_up(held: Holdings, at: datetime | None) -> bool:
    """Is the cut-over of every state in which this person has a district past, by role or as support?"""
    profiles = held.of_support | {row.district.state.profile for row in held.assignments if row.district}
    return all(
        is_rolled_up(state_profile(Profile(profile)).roll_up, at or timezone.now()) for profile in profiles
    )


# The scope of each person when this process last asked: a guess that is checked before anything is read.
_last: dict[int, Scope] = {}
MOST_GUESSES = 10_000


def enter_as(user: User, more: Mapping[str, str] | None = None) -> None:
    """Find out what this person holds now and enter that scope.

    Mostly it is what it was the last time: then the statement that finds out has set it along.
    """
    guess = _last.get(user.pk, NOTHING)
    _check_transaction()
    ask_again(user, _settings(guess, more))
    if (found := scope_of(user)) != guess:
        enter(found, more)
        if len(_last) >= MOST_GUESSES:
            _last.clear()
        _last[user.pk] = found


def enter(scope: Scope, more: Mapping[str, str] | None = None) -> None:
    """Set the scope for the rest of this transaction; the database forgets it at the end.

    `more` holds other settings that live as long, so that a request sets all of its own in one statement.
    """
    _check_transaction()
    settings = _settings(scope, more)
    asked_often.rows("SELECT " + ", ".join(map(asked_often.set_local, settings)), settings)


def _check_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("A scope lives in a transaction: open one first.")


def _settings(scope: Scope, more: Mapping[str, str] | None) -> dict[str, str]:
    return {
        "eser.scope": "all" if scope.everything else "some",
        "eser.district_ids": asked_often.array(scope.district_ids),
        "eser.site_ids": asked_often.array(scope.site_ids),
        "eser.rolled_up": "yes" if scope.rolled_up else "no",
        **(more or {}),
    }


def current() -> Scope:
    """The scope that this transaction has now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('eser.scope', true), ''),"
            " coalesce(nullif(current_setting('eser.district_ids', true), ''), '{}')::bigint[],"
            " coalesce(nullif(current_setting('eser.site_ids', true), ''), '{}')::bigint[],"
            " coalesce(current_setting('eser.rolled_up', true), '') = 'yes'"
        )
        kind, districts, sites, rolled_up = cursor.fetchone()
    return Scope(kind == "all", tuple(districts), tuple(sites), rolled_up)


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
    with transaction.atomic():
        if _sees_every_child.get():
            yield
            return
        with _during(EVERYTHING):
            yield


@contextmanager
def narrowed(user: User, places: Scope) -> Iterator[None]:
    """In a transaction of this user: row-level security, too, then shows nothing of other places.

    For a right that may be held at fewer places than seeing: of a child that moved away the rows of its new
    district would come along for who may see, by another role, but not do this there. Costs nothing where
    the places are all that the user sees.
    """
    seen = scope_of(user)
    if (left := both(seen, places)) == seen:
        yield
        return
    with transaction.atomic(), _during(left):
        yield


# A verb calls verbs, each elevated: asking, setting and setting back once is enough.
_sees_every_child = ContextVar("sees_every_child", default=False)


@contextmanager
def _during(scope: Scope) -> Iterator[None]:
    """Set the scope for a part of the transaction; after an exception the rollback sets it back."""
    before = current()
    enter(scope)
    outside = _sees_every_child.set(scope.everything)
    try:
        yield
    finally:
        _sees_every_child.reset(outside)
    enter(before)
