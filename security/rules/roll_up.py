"""The roll-up: from the cut-over on, a district also reaches its nonpublic and early childhood sites."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


def is_rolled_up(cut_over: datetime | None, at: datetime) -> bool:
    """From the instant itself on; always where a state has none. eSER go-live 2022 (ROL-01, ROL-02)."""
    return cut_over is None or at >= cut_over


class Outcome(StrEnum):
    """What the cut-over does with a direct role at an affiliated site."""

    REVOKE = "REVOKE"
    NATIVE = "NATIVE"
    LESS = "LESS"
    OTHERS = "OTHERS"


@dataclass(frozen=True)
class DirectGrant:
    """A role at an affiliated site, beside what the same person holds at districts on that day.

    `gives` are its permissions; `at_overseer` those that the person holds at the district that oversees the
    site (None: no role there); `not_reached` counts the children at the site whom no district role of the
    person reaches with the same permissions.
    """

    gives: frozenset[str]
    at_overseer: frozenset[str] | None
    not_reached: int


def outcome_of(grant: DirectGrant) -> Outcome:
    """Revoked only where nothing is lost; staff of the site itself keep theirs (ROL-06, ROL-07)."""
    if grant.at_overseer is None:
        return Outcome.NATIVE
    if not grant.gives <= grant.at_overseer:
        return Outcome.LESS
    return Outcome.OTHERS if grant.not_reached else Outcome.REVOKE


def permissions_at(place: int, roles: Iterable[tuple[int | None, Collection[str]]]) -> frozenset[str] | None:
    """The permissions of all roles at the place; None without any. `roles`: (district, permissions)."""
    here = [permissions for district, permissions in roles if district == place]
    return frozenset().union(*here) if here else None
